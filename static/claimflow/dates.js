// Text boxes for dates: shortcuts are written out on leaving the field, and a button opens the browser's own calendar.
(() => {
  "use strict";

  const parts = document.getElementById("script-parts");
  const two = (number) => String(number).padStart(2, "0");
  const american = (date) => `${two(date.getMonth() + 1)}/${two(date.getDate())}/${date.getFullYear()}`;
  const parse = (iso) => {
    const [year, month, day] = iso.split("-").map(Number);
    return new Date(year, month - 1, day);
  };
  const real = (year, month, day) => {
    const date = new Date(year, month - 1, day);
    return date.getMonth() === month - 1 && date.getDate() === day ? date : null;
  };

  // The same shortcuts as claimflow/lib/dates.py, which has the last word; what is not known here is left as typed.
  const read = (text, today) => {
    const typed = text.trim().toLowerCase();
    const back = (days) => new Date(today.getFullYear(), today.getMonth(), today.getDate() - days);
    if (["today", "t", "now"].includes(typed)) return today;
    if (["yesterday", "y"].includes(typed)) return back(1);
    const ago = /^-\s*(\d{1,3})$/.exec(typed);
    if (ago) return back(Number(ago[1]));
    const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed);
    if (iso) return real(Number(iso[1]), Number(iso[2]), Number(iso[3]));
    const parts = /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?$/.exec(typed) || /^(\d{2})(\d{2})((?!19|20)\d{4}|(?:19|20)\d{2})?$/.exec(typed);
    if (!parts) return null;
    const [month, day] = [Number(parts[1]), Number(parts[2])];
    if (parts[3]) return real(Number(parts[3]), month, day);
    const found = real(today.getFullYear(), month, day);
    return found && found > today ? real(today.getFullYear() - 1, month, day) : found;
  };

  const tell = (input) => {
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const enhance = (input) => {
    if (input.closest(".date-box") || input.disabled || input.readOnly) return;
    const box = document.createElement("span");
    box.className = "date-box";
    input.before(box);
    box.append(input);
    const picker = document.createElement("input");
    picker.type = "date";
    picker.tabIndex = -1;
    picker.setAttribute("aria-hidden", "true");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "icon-button";
    const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim() || "";
    button.setAttribute("aria-label", `${parts?.dataset.wordCalendar || ""} ${label}`.trim());
    const icon = parts?.content.querySelector('[data-icon="calendar"] svg');
    if (icon) button.append(icon.cloneNode(true));
    if (!picker.showPicker) button.hidden = true;
    button.addEventListener("click", () => {
      const shown = read(input.value, parse(input.dataset.today));
      picker.value = shown ? `${shown.getFullYear()}-${two(shown.getMonth() + 1)}-${two(shown.getDate())}` : "";
      picker.showPicker();
    });
    picker.addEventListener("change", () => {
      if (!picker.value) return;
      input.value = american(parse(picker.value));
      tell(input);
      input.focus();
    });
    input.addEventListener("change", (event) => {
      if (!event.isTrusted || !input.dataset.today) return;
      const date = read(input.value, parse(input.dataset.today));
      if (date) input.value = american(date);
    });
    box.append(button, picker);
  };

  const start = (root) => root.querySelectorAll("input[data-date]").forEach(enhance);
  start(document);
  document.addEventListener("claimflow:added", (event) => start(event.target));
})();
