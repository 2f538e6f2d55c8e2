// Repeating fieldsets: add, remove, renumber; sums and counts that follow. Without this script the same buttons
// send the form and the server answers with one line more or less.
(() => {
  "use strict";

  const ATTRIBUTES = ["id", "name", "for", "aria-describedby", "aria-controls", "data-with", "data-field", "value"];

  const { cents, dollars } = window.claimflowMoney;

  const total = () => {
    for (const output of document.querySelectorAll("[data-sum-of]")) {
      const inputs = [...document.querySelectorAll(`[data-sum="${CSS.escape(output.dataset.sumOf)}"]`)];
      const shown = dollars(inputs.reduce((sum, input) => sum + (cents(input.value) || 0), 0));
      if (output.textContent !== shown) output.textContent = shown;
    }
    for (const output of document.querySelectorAll("[data-count-of]")) {
      const lines = document.querySelectorAll(`[data-lines="${CSS.escape(output.dataset.countOf)}"] [data-line]`);
      output.textContent = String(lines.length);
    }
  };

  const letter = (index) => (index < 26 ? String.fromCharCode(65 + index) : String(index + 1));

  class Lines {
    constructor(root) {
      this.root = root;
      this.prefix = root.dataset.lines;
      this.list = root.querySelector("[data-lines-list]");
      this.template = root.querySelector("template[data-lines-template]");
      this.adder = root.querySelector("[data-lines-add]");
      this.status = root.querySelector("[data-lines-status]");
      this.total = root.querySelector(`[name="${CSS.escape(this.prefix)}-TOTAL_FORMS"]`);
      this.max = Number(root.dataset.linesMax) || 1000;
      this.min = Math.max(Number(root.dataset.linesMin) || 0, 1);
      this.adder.type = "button";
      this.adder.addEventListener("click", () => this.add());
      this.prepare(root);
      this.list.addEventListener("click", (event) => {
        const button = event.target.closest("[data-line-remove]");
        if (button) this.remove(button.closest("[data-line]"));
      });
      this.renumber();
    }

    lines() {
      return [...this.list.querySelectorAll(":scope > [data-line]")];
    }

    prepare(root) {
      for (const button of root.querySelectorAll("[data-line-remove]")) button.type = "button";
    }

    add() {
      if (this.lines().length >= this.max) return;
      this.list.append(this.template.content.cloneNode(true));
      const line = this.lines().at(-1);
      this.prepare(line);
      this.renumber();
      line.dispatchEvent(new CustomEvent("claimflow:added", { bubbles: true }));
      line.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    }

    remove(line) {
      const all = this.lines();
      if (all.length <= this.min) return;
      const index = all.indexOf(line);
      const words = line.querySelector("legend")?.textContent.trim().replace(/\s+/g, " ");
      line.remove();
      this.renumber();
      if (this.status) this.status.textContent = `${words} ${this.status.dataset.removed}`;
      const next = this.lines()[Math.min(index, this.lines().length - 1)];
      (next?.querySelector("[data-line-remove]:not([hidden])") || this.adder).focus();
      this.root.dispatchEvent(new CustomEvent("claimflow:removed", { bubbles: true }));
      this.root.dispatchEvent(new Event("change", { bubbles: true }));
    }

    renumber() {
      const pattern = new RegExp(`(^|[ _])${this.prefix.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}-(?:\\d+|__prefix__)-`, "g");
      const lines = this.lines();
      lines.forEach((line, index) => {
        for (const element of line.querySelectorAll("*")) {
          for (const name of ATTRIBUTES) {
            if (name === "value" && !element.matches("[data-line-remove]")) continue;
            const value = element.getAttribute(name);
            if (value === null) continue;
            if (name === "value") element.setAttribute("value", String(index));
            else if (value.includes(`${this.prefix}-`)) element.setAttribute(name, value.replace(pattern, `$1${this.prefix}-${index}-`));
          }
          if (element.hasAttribute("data-line-number")) element.textContent = String(index + 1);
          if (element.hasAttribute("data-line-letter")) element.textContent = letter(index);
        }
        const remover = line.querySelector("[data-line-remove]");
        if (remover) remover.hidden = lines.length <= this.min;
      });
      this.total.value = String(lines.length);
      this.adder.hidden = lines.length >= this.max;
      total();
    }
  }

  for (const root of document.querySelectorAll("[data-lines]")) new Lines(root);
  if (document.querySelector("[data-sum-of], [data-count-of]")) {
    document.addEventListener("input", (event) => event.target.matches?.("[data-sum]") && total());
    total();
  }
})();
