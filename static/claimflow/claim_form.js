// What the claim form does beyond its parts: the plan follows the payer, names follow NPIs, the panel shows what is still
// empty, and a draft is kept while one types. Without this script every one of these is a button or a choice.
(() => {
  "use strict";

  const SAVE_MS = 8000;
  const form = document.querySelector("form[data-claim-form]");
  if (!form) return;
  const byName = (name) => form.querySelector(`[name="${name}"]`);

  // --- The plan follows the payer ---

  const payer = byName("payer");
  const plan = byName("plan");
  const groups = [...plan.querySelectorAll("optgroup")];
  const narrow = () => {
    const name = payer.value ? payer.selectedOptions[0].textContent : "";
    for (const group of groups) {
      group.hidden = Boolean(name) && group.label !== name;
      for (const option of group.querySelectorAll("option")) option.disabled = group.hidden;
    }
    const open = groups.filter((group) => !group.hidden).flatMap((group) => [...group.querySelectorAll("option")]);
    if (plan.selectedOptions[0]?.disabled) plan.value = "";
    if (name && !plan.value && open.length === 1) plan.value = open[0].value;
  };
  const adopt = () => {
    const group = plan.selectedOptions[0]?.closest("optgroup");
    const owner = group && [...payer.options].find((option) => option.textContent === group.label);
    if (owner && !payer.value) payer.value = owner.value;
    narrow();
  };
  payer.addEventListener("change", narrow);
  plan.addEventListener("change", adopt);
  narrow();

  // --- The insured are asked for when they are not the patient ---

  const relationship = byName("relationship");
  const insured = form.querySelector("[data-insured]");
  relationship.addEventListener("change", () => {
    insured.open = relationship.value !== "self";
  });

  // --- A name follows its NPI ---

  form.addEventListener("change", (event) => {
    const box = event.target.closest("[data-party]");
    const list = event.target.getAttribute?.("list");
    if (!box || !list) return;
    const option = document.querySelector(`#${list} option[value="${CSS.escape(event.target.value.trim())}"]`);
    const name = box.querySelector('input[name$="_name"]');
    if (option && name) name.value = option.label;
  });

  // --- A new line begins where the last one was ---

  form.addEventListener("claimflow:added", (event) => {
    const before = event.target.previousElementSibling;
    if (!before || !event.target.querySelector(".service-line")) return;
    for (const field of ["service_from", "place_of_service"]) {
      const from = before.querySelector(`[name$="-${field}"]`);
      const to = event.target.querySelector(`[name$="-${field}"]`);
      if (from && to && !to.value) to.value = from.value;
    }
  });

  // --- The panel ---

  form.addEventListener("claimflow:checked", (event) => {
    const { sections, coverage } = event.detail;
    byName("coverage_answer").value = coverage || "";
    for (const item of form.querySelectorAll("[data-section]")) {
      const state = sections?.[item.dataset.section];
      if (!state) continue;
      item.className = state.wrong ? "is-wrong" : state.missing ? "is-open" : "is-done";
      const words = item.querySelector("[data-left-open]");
      words.textContent = `${state.missing} ${state.missing === 1 ? words.dataset.one : words.dataset.many}`;
    }
  });

  // --- The draft ---

  const status = form.querySelector("[data-saved]");
  let timer = 0;
  let changed = false;
  let saving = false;
  let refused = false;

  const save = async (keepalive = false) => {
    if (!changed || saving || refused || form.hasAttribute("aria-busy")) return;
    changed = false;
    saving = true;
    const data = new FormData(form);
    data.set("do", "save");
    try {
      const response = await fetch(form.action, {
        method: "POST", body: data, credentials: "same-origin", keepalive, headers: { Accept: "application/json" },
      });
      if (!response.headers.get("content-type")?.includes("json")) throw new Error(String(response.status));
      const answer = await response.json();
      if (response.status === 409) {
        refused = true;
        status.textContent = answer.sentence;
        return;
      }
      byName("version").value = String(answer.version);
      form.action = answer.url;
      const time = new Date().toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
      status.textContent = `${form.dataset.wordSaved} ${time}`;
    } catch {
      changed = true;
      status.textContent = form.dataset.wordUnsaved;
    } finally {
      saving = false;
    }
  };
  const touched = (event) => {
    if (!event.target.name) return;
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_MS);
  };
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("submit", () => clearTimeout(timer));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
})();
