// The reading desk: sums follow what is typed, and the button says what it would send. The server prices and checks
// everything again; without this script "Price lines" and "Check" do the same.
(() => {
  "use strict";

  const form = document.querySelector("form[data-desk]");
  if (!form) return;
  const words = form.dataset;
  const patientReasons = words.patientReasons.split(" ");
  const main = document.querySelector("[data-main-submit]");

  const { dollars } = window.claimflowMoney;
  // An empty box counts as nothing.
  const cents = (text) => ((text || "").trim() ? window.claimflowMoney.cents(text) : 0);

  const start = () => ({
    copay: cents(words.copay),
    deductible: cents(words.deductible),
    rate: Number(words.rate),
    limit: words.limit === "" ? Infinity : cents(words.limit),
  });

  // As claims/adjudication/pricing.py: copay, then deductible, then coinsurance, up to the out-of-pocket limit.
  const price = (charge, typed, left) => {
    const allowed = Math.min(typed, charge);
    let copay = Math.min(left.copay, allowed);
    let deductible = Math.min(left.deductible, allowed - copay);
    let coinsurance = Math.round((allowed - copay - deductible) * left.rate);
    copay = Math.min(copay, left.limit);
    deductible = Math.min(deductible, left.limit - copay);
    coinsurance = Math.min(coinsurance, left.limit - copay - deductible);
    left.copay -= copay;
    left.deductible -= deductible;
    left.limit -= copay + deductible + coinsurance;
    return { allowed, copay, deductible, coinsurance, paid: allowed - copay - deductible - coinsurance };
  };

  const box = (line, name) => line.querySelector(`[name$="-${name}"]`);

  const typed = (line, charge, left) => {
    const it = {};
    for (const name of ["allowed", "deductible", "copay", "coinsurance", "paid"]) it[name] = cents(box(line, name).value) || 0;
    left.copay = Math.max(left.copay - it.copay, 0);
    left.deductible = Math.max(left.deductible - it.deductible, 0);
    left.limit = Math.max(left.limit - it.copay - it.deductible - it.coinsurance, 0);
    it.refused = 0;
    it.owed = 0;
    let adjusted = 0;
    for (const row of line.querySelectorAll("[data-adjustment]")) {
      const amount = cents(row.querySelector('[name$="-amount"]').value) || 0;
      const reason = row.querySelector('[name$="-reason"]').value;
      adjusted += amount;
      if (reason.startsWith("PR-")) it.owed += amount;
      if (reason && !["CO-45", "PR-45", "OA-23"].includes(reason)) it.refused += amount;
    }
    const parts = it.paid + it.deductible + it.copay + it.coinsurance - it.allowed;
    const open = charge - it.paid - adjusted - it.deductible - it.copay - it.coinsurance;
    const output = line.querySelector("[data-line-balance]");
    const said = parts
      ? `${words.wordsParts} ${dollars(Math.abs(parts))}`
      : open
        ? `${words.wordsDiffer} ${dollars(open)}`
        : words.wordsBalanced;
    if (output.textContent !== said) output.textContent = said;
    output.classList.toggle("tone-urgent", parts !== 0 || open !== 0);
    return it;
  };

  const tell = (line, it) => {
    const parts = ["copay", "deductible", "coinsurance"]
      .filter((name) => it[name])
      .map((name) => `${words[`words${name[0].toUpperCase()}${name.slice(1)}`]} ${dollars(it[name])}, `);
    line.querySelector("[data-line-priced]").textContent = `${parts.join("")}${words.wordsPays} ${dollars(it.paid)}`;
  };

  const refresh = () => {
    const left = start();
    const sums = { allowed: 0, paid: 0, patient: 0 };
    const outcomes = new Set();
    let nothing = true;
    for (const line of form.querySelectorAll("[data-desk-line]")) {
      const charge = cents(line.dataset.charge);
      const verdict = line.querySelector('[name$="-verdict"]:checked')?.value || "approve";
      if (verdict === "deny") {
        if (charge) outcomes.add("denied");
        const reason = box(line, "refusal").value || form.elements.denial_reason.value;
        if (reason.startsWith("PR-") || patientReasons.includes(reason)) sums.patient += charge;
        continue;
      }
      let it;
      if (verdict === "custom") {
        it = typed(line, charge, left);
        outcomes.add(it.refused ? (it.allowed ? "partially_approved" : "denied") : "approved");
      } else {
        const value = box(line, "allowed").value;
        const amount = value.trim() ? cents(value) : charge;
        if (amount === null) continue;
        it = price(charge, amount, left);
        line.priced = it;
        tell(line, it);
        outcomes.add("approved");
      }
      if (it.allowed) nothing = false;
      sums.allowed += it.allowed;
      sums.paid += it.paid;
      sums.patient += it.copay + it.deductible + it.coinsurance + (it.owed || 0);
    }
    for (const [name, amount] of Object.entries(sums)) {
      document.querySelector(`[data-total="${name}"]`).textContent = dollars(amount);
    }
    const mixed = outcomes.size > 1 || outcomes.has("partially_approved");
    const outcome = outcomes.has("denied") && nothing ? "denied" : mixed ? "partially_approved" : "approved";
    main.querySelector("[data-words]").textContent = main.getAttribute(`data-words-${outcome}`);
  };

  // Whoever begins to enter amounts starts from the priced ones.
  const fill = (line) => {
    const it = line.priced;
    if (!it) return;
    for (const name of ["allowed", "deductible", "copay", "coinsurance", "paid"]) {
      box(line, name).value = it[name] || name === "allowed" || name === "paid" ? dollars(it[name]) : "";
    }
    const reduced = cents(line.dataset.charge) - it.allowed;
    const [first, ...others] = line.querySelectorAll("[data-adjustment]");
    first.querySelector('[name$="-reason"]').value = reduced ? "CO-45" : "";
    first.querySelector('[name$="-amount"]').value = reduced ? dollars(reduced) : "";
    for (const row of others) for (const field of row.querySelectorAll("input, select")) field.value = "";
    line.priced = null;
  };

  // Without this script the same button sends the form, and the page comes back with one row more.
  const blank = form.querySelector("template[data-blank-adjustment]");
  const ATTRIBUTES = ["id", "name", "for", "aria-describedby", "data-with"];

  const isEmpty = (row) => [...row.querySelectorAll("input, select")].every((field) => !field.value.trim());

  const blankRow = (line, at) => {
    const row = blank.content.firstElementChild.cloneNode(true);
    for (const element of row.querySelectorAll("*")) {
      for (const name of ATTRIBUTES) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replaceAll("__line__", line).replaceAll("__row__", at));
      }
    }
    return row;
  };

  const addReason = (button) => {
    const rows = [...button.closest("[data-desk-line]").querySelectorAll("[data-adjustment]")];
    let row = rows.at(-1);
    if (!isEmpty(row)) {
      row = blankRow(button.value, rows.length);
      rows.at(-1).after(row);
      row.dispatchEvent(new CustomEvent("claimflow:added", { bubbles: true }));
      button.hidden = rows.length + 1 >= Number(words.mostReasons);
    }
    row.querySelector("select").focus();
  };

  for (const button of form.querySelectorAll("[data-add-reason]")) {
    button.type = "button";
    button.addEventListener("click", () => addReason(button));
  }

  form.addEventListener("input", refresh);
  form.addEventListener("change", (event) => {
    if (event.target.matches?.('[name$="-verdict"][value="custom"]')) fill(event.target.closest("[data-desk-line]"));
    refresh();
  });

  refresh();

  // "Deny claim" without a reason asks for it first; with the shortcut that is d, reason, explanation, d.
  document.querySelector("[data-desk-deny]").addEventListener("click", (event) => {
    const missing = [form.elements.denial_reason, form.elements.explanation].find((field) => !field.value.trim());
    if (!missing) return;
    event.preventDefault();
    missing.focus();
    missing.scrollIntoView({ block: "center" });
  });
})();
