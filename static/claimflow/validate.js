// Checks while one fills in: 400 ms after leaving a field the form goes to data-check-url, and what comes back is shown
// at the fields that were left, never at one that nobody has touched. The panel's counts follow. The server judges again on submit.
(() => {
  "use strict";

  const WAIT_MS = 400;
  const parts = document.getElementById("script-parts");

  class Checks {
    constructor(form) {
      this.form = form;
      this.left = new Set();
      this.timer = 0;
      this.request = null;
      form.addEventListener("focusout", (event) => this.leave(event.target));
      form.addEventListener("change", (event) => this.leave(event.target));
      document.addEventListener("claimflow:removed", (event) => {
        if (form.contains(event.target)) this.later();
      });
    }

    leave(element) {
      if (!element.name || !element.matches("input, select, textarea")) return;
      const box = element.closest("[data-field]");
      const whole = box?.dataset.field;
      this.left.add(whole && whole !== element.id ? whole : element.id);
      this.later();
    }

    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), WAIT_MS);
    }

    async ask() {
      this.request?.abort();
      const request = new AbortController();
      this.request = request;
      try {
        const response = await fetch(this.form.dataset.checkUrl, {
          method: "POST", body: new FormData(this.form), signal: request.signal,
          headers: { Accept: "application/json" }, credentials: "same-origin",
        });
        if (!response.ok) return;
        const answer = await response.json();
        this.show(answer);
        this.form.dispatchEvent(new CustomEvent("claimflow:checked", { bubbles: true, detail: answer }));
      } catch {
        // No connection, or a newer request: nothing is said, because the form itself still works.
      }
    }

    find(name) {
      return document.getElementById(name) || this.form.querySelector(`[name="${CSS.escape(name)}"]`) ||
        this.form.querySelector(`[data-field="${CSS.escape(name)}"]`);
    }

    show(answer) {
      const findings = answer.findings || [];
      const byBox = new Map();
      for (const finding of findings) {
        const element = finding.field ? this.find(finding.field) : null;
        const box = element?.closest("[data-field]");
        if (box) byBox.set(box, [...(byBox.get(box) || []), finding]);
      }
      for (const box of this.form.querySelectorAll("[data-field]")) {
        if (this.left.has(box.dataset.field)) this.mark(box, byBox.get(box) || []);
      }
      this.panel(answer, findings);
    }

    mark(box, findings) {
      const control = box.querySelector("input:not([type=hidden]):not([type=date][tabindex='-1']), select, textarea");
      if (!control) return;
      const id = `${box.dataset.field}_check`;
      const blocked = findings.some((finding) => finding.severity === "block");
      let message = document.getElementById(id);
      if (!findings.length) message?.remove();
      else {
        if (!message) {
          message = document.createElement("div");
          message.id = id;
          // Where an error of the server would stand: above the control, so that boxes in a row stay on one line.
          const place = control.closest(".combo, .date-box, .boxes, .check, fieldset > div[id]") || control;
          if (place.matches(".check")) place.after(message);
          else place.before(message);
        }
        message.className = `field-check severity-${blocked ? "block" : findings[0].severity}`;
        const words = findings.map((finding) => finding.message).join(" ");
        if (message.textContent !== words) message.textContent = words;
      }
      // The field was changed since the page was drawn: what the page said then is out of date.
      const drawn = box.querySelector(".error");
      if (drawn) {
        drawn.remove();
        box.classList.remove("field-invalid");
      }
      const described = (control.getAttribute("aria-describedby") || "").split(" ")
        .filter((name) => name && name !== id && document.getElementById(name));
      if (findings.length) described.push(id);
      if (described.length) control.setAttribute("aria-describedby", described.join(" "));
      else control.removeAttribute("aria-describedby");
      for (const input of box.querySelectorAll("input, select, textarea")) {
        if (blocked) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
    }

    panel(answer, findings) {
      for (const place of document.querySelectorAll("[data-check-count]")) {
        place.textContent = String(answer.counts?.[place.dataset.checkCount] ?? 0);
      }
      for (const [name, value] of [["total", answer.total], ["score", answer.score]]) {
        for (const place of document.querySelectorAll(`[data-check-${name}]`)) {
          if (value !== undefined) place.textContent = String(value);
        }
      }
      for (const list of document.querySelectorAll("[data-check-findings]")) {
        // Quiet ones say that a box is still empty: beside the box that was left, not in the list.
        const lines = findings.filter((finding) => !finding.quiet).map((finding) => this.line(finding));
        if (answer.empty?.points) lines.push(this.line({ ...answer.empty, severity: "empty" }));
        list.replaceChildren(...lines);
      }
    }

    line(finding) {
      const item = document.createElement("li");
      item.className = { block: "tone-urgent", warn: "tone-warning" }[finding.severity] || "tone-neutral";
      const icon = parts?.content.querySelector(`[data-icon="${CSS.escape(finding.severity)}"] svg`)?.cloneNode(true);
      if (icon) item.append(icon);
      const target = finding.field ? this.find(finding.field) : null;
      const words = document.createElement(target?.id ? "a" : "span");
      words.textContent = finding.message;
      if (target?.id) words.href = `#${target.id}`;
      item.append(words);
      if (finding.points) {
        const points = document.createElement("span");
        points.className = "finding-points";
        points.textContent = `−${finding.points}`;
        item.append(points);
      }
      return item;
    }
  }

  for (const form of document.querySelectorAll("form[data-check-url]")) new Checks(form);

  // A link to a field (error summary, findings) puts the cursor into it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('.error-summary a[href^="#"], .findings a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });
})();
