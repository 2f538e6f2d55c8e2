// Shortcuts. What a page offers, it says itself: data-key="n" on a link, button or input, data-key="g q" for two in a row.
// They never fire in fields, with Ctrl, Alt or Meta held, or behind an open dialog; the map has a switch that turns them off
// (WCAG 2.1.4). The switch is remembered in this browser and leaves Ctrl+Enter alone.
(() => {
  "use strict";

  const OFF = "claimflow.keys.off";
  const SEQUENCE_MS = 1200;
  const map = document.getElementById("keys");
  const toggle = document.getElementById("keys-off");
  let first = "";
  let timer = 0;

  const isOff = () => {
    try {
      return localStorage.getItem(OFF) === "1";
    } catch {
      return false;
    }
  };

  const root = document.documentElement;
  root.classList.remove("no-js");
  root.classList.toggle("keys-are-off", isOff());

  const inField = (element) =>
    element instanceof Element &&
    element.closest("input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable]");

  const isVisible = (element) => element.getClientRects().length > 0;

  const targetOf = (keys) => [...document.querySelectorAll("[data-key]")].find(
    (element) => element.dataset.key === keys && isVisible(element) && !element.matches(":disabled, [aria-disabled=true]"),
  );

  const act = (element) => {
    const field = element.matches("input, select, textarea") ? element : element.querySelector("input, select, textarea");
    if (field && !element.matches("a, button")) {
      field.focus();
      if (field.select) field.select();
    } else {
      element.click();
    }
  };

  // --- Rows: j, k, Enter ---

  const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")].filter((row) => row.querySelector("a[href]") && isVisible(row));

  const move = (step) => {
    const all = rows();
    if (!all.length) return false;
    const here = all.findIndex((row) => row.classList.contains("is-here"));
    const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1)];
    for (const row of all) row.classList.toggle("is-here", row === next);
    const link = next.querySelector("a[href]");
    link.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  };

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("table[data-rows] tbody tr");
    for (const other of document.querySelectorAll("tr.is-here")) if (other !== row) other.classList.remove("is-here");
    row?.classList.add("is-here");
  });

  // --- The map ---

  const spoken = (element) => {
    const copy = element.cloneNode(true);
    for (const silent of copy.querySelectorAll(".key, .count, svg")) silent.remove();
    return copy.textContent.trim().replace(/\s+/g, " ");
  };

  const words = (element) =>
    element.dataset.keyLabel || element.getAttribute("aria-label") || spoken(element);

  const fill = () => {
    const body = map.querySelector("[data-keys-here]");
    body.replaceChildren();
    const seen = new Set();
    for (const element of document.querySelectorAll("[data-key]")) {
      const keys = element.dataset.key;
      if (seen.has(keys) || !isVisible(element)) continue;
      seen.add(keys);
      const row = body.insertRow();
      const cell = row.insertCell();
      for (const key of keys.split(" ")) {
        const box = document.createElement("kbd");
        box.textContent = key === "Escape" ? "Esc" : key;
        cell.append(box, " ");
      }
      row.insertCell().textContent = words(element);
    }
    for (const row of map.querySelectorAll("[data-keys-rows]")) row.hidden = !rows().length;
  };

  const show = () => {
    if (!map || map.open) return;
    fill();
    toggle.checked = isOff();
    map.showModal();
  };

  for (const button of document.querySelectorAll("[data-open-keys]")) {
    button.hidden = false;
    button.addEventListener("click", show);
  }
  toggle?.addEventListener("change", () => {
    try {
      localStorage.setItem(OFF, toggle.checked ? "1" : "0");
    } catch {
      // Storage may be forbidden; then the switch stays as it was.
    }
    root.classList.toggle("keys-are-off", isOff());
  });

  // --- Keys ---

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && inField(event.target)) {
      event.target.blur();
      return;
    }
    if (inField(event.target) || isOff()) return;

    if (event.key === "?") {
      event.preventDefault();
      show();
      return;
    }
    if (event.key === "Enter") {
      const row = document.querySelector("tr.is-here");
      if (row && (event.target === document.body || event.target === row)) {
        event.preventDefault();
        row.querySelector("a[href]").click();
      }
      return;
    }
    if (event.key.length > 1 && event.key !== "Escape") return;

    const keys = first ? `${first} ${event.key}` : event.key;
    clearTimeout(timer);
    first = "";
    const element = targetOf(keys);
    if (element) {
      event.preventDefault();
      act(element);
      return;
    }
    if ((event.key === "j" && move(1)) || (event.key === "k" && move(-1))) {
      event.preventDefault();
      return;
    }
    if ([...document.querySelectorAll("[data-key]")].some((other) => other.dataset.key.startsWith(`${event.key} `))) {
      first = event.key;
      timer = setTimeout(() => {
        first = "";
      }, SEQUENCE_MS);
    }
  });
})();
