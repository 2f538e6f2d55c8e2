// A text box that offers answers from the server (ARIA 1.2 combobox with a listbox). What is typed always stands;
// the list only helps. 200 ms after the last key one request; older ones are abandoned. A box for several codes asks
// about the last one, and an answer takes its place.
(() => {
  "use strict";

  const WAIT_MS = 200;
  let made = 0;

  class Combo {
    constructor(input) {
      this.input = input;
      this.box = input.closest(".combo");
      this.note = this.box.querySelector("[data-combo-note]");
      this.isForSeveral = input.hasAttribute("data-combo-several");
      this.list = document.createElement("ul");
      this.list.className = "combo-list";
      this.list.id = `combo-list-${(made += 1)}`;
      this.list.setAttribute("role", "listbox");
      this.list.hidden = true;
      this.status = document.createElement("span");
      this.status.className = "usa-sr-only";
      this.status.setAttribute("role", "status");
      this.options = [];
      this.at = -1;
      this.timer = 0;
      this.request = null;
      const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`);
      if (label) this.list.setAttribute("aria-label", label.textContent.trim());
      for (const [name, value] of Object.entries({
        role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, "aria-haspopup": "listbox",
      })) input.setAttribute(name, value);
      input.after(this.list, this.status);
      input.addEventListener("input", (event) => event.isTrusted && this.later());
      input.addEventListener("keydown", (event) => this.key(event));
      input.addEventListener("blur", () => this.close());
      // Pressing an option must not take the focus out of the field before the click arrives.
      this.list.addEventListener("pointerdown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.choose(this.options.indexOf(option));
      });
    }

    get asked() {
      return this.isForSeveral ? this.input.value.split(/[\s,;]+/).at(-1) : this.input.value.trim();
    }

    tell(words) {
      if (!this.note) return;
      this.note.textContent = words;
      this.note.title = words;
    }

    later() {
      clearTimeout(this.timer);
      this.tell("");
      if (!this.asked) {
        this.request?.abort();
        this.close();
        return;
      }
      this.timer = setTimeout(() => this.ask(), WAIT_MS);
    }

    address() {
      const url = new URL(this.input.dataset.url, window.location.href);
      url.searchParams.set("q", this.asked);
      for (const pair of (this.input.dataset.with || "").split(" ").filter(Boolean)) {
        const cut = pair.lastIndexOf(":");
        const other = document.getElementById(pair.slice(0, cut));
        if (other?.value) url.searchParams.set(pair.slice(cut + 1), other.value);
      }
      return url;
    }

    async ask() {
      this.request?.abort();
      const request = new AbortController();
      this.request = request;
      const slow = setTimeout(() => this.say(this.box.dataset.comboLoading), 300);
      try {
        const response = await fetch(this.address(), { signal: request.signal, headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (!response.ok) throw new Error(String(response.status));
        this.show(await response.json());
      } catch (error) {
        if (error.name !== "AbortError") this.say(this.box.dataset.comboFailed);
      } finally {
        clearTimeout(slow);
      }
    }

    show(answer) {
      if (document.activeElement !== this.input) return;
      const results = answer.results || [];
      if (!results.length) {
        this.say(this.box.dataset.comboNone);
        return;
      }
      this.options = results.map((result, index) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.value = result.value;
        option.dataset.note = result.note || "";
        const label = document.createElement("span");
        label.className = "combo-label";
        label.textContent = result.label || result.value;
        option.append(label);
        if (result.note) {
          const text = document.createElement("span");
          text.className = "combo-text";
          text.textContent = result.note;
          option.append(text);
        }
        return option;
      });
      this.list.replaceChildren(...this.options);
      if (answer.more) this.list.append(this.line(answer.more, "combo-more"));
      this.at = -1;
      this.open();
      this.status.textContent = results.length === 1 ? this.box.dataset.comboOne : `${results.length} ${this.box.dataset.comboMany}`;
    }

    line(text, name) {
      const item = document.createElement("li");
      item.className = name;
      item.setAttribute("role", "presentation");
      item.textContent = text;
      return item;
    }

    say(text) {
      this.options = [];
      this.at = -1;
      this.list.replaceChildren(this.line(text || "", "combo-empty"));
      this.status.textContent = text || "";
      // A listbox without options is no listbox: the words are seen here and heard through the status.
      this.list.hidden = !text;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
      this.list.setAttribute("role", "presentation");
    }

    open() {
      this.list.setAttribute("role", "listbox");
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      this.input.removeAttribute("aria-activedescendant");
    }

    close() {
      clearTimeout(this.timer);
      this.list.hidden = true;
      this.at = -1;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }

    mark(index) {
      this.at = index;
      this.options.forEach((option, number) => option.setAttribute("aria-selected", String(number === index)));
      const option = this.options[index];
      if (option) {
        this.input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    }

    choose(index) {
      const option = this.options[index];
      if (!option) return;
      const before = this.isForSeveral ? this.input.value.slice(0, this.input.value.length - this.asked.length) : "";
      this.input.value = before + option.dataset.value;
      this.tell(option.dataset.note);
      this.close();
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    key(event) {
      const isOpen = !this.list.hidden && this.options.length > 0;
      const last = this.options.length - 1;
      if (event.key === "ArrowDown") {
        event.preventDefault();
        if (isOpen) this.mark(this.at >= last ? 0 : this.at + 1);
        else if (this.asked || this.isForSeveral) this.ask();
      } else if (event.key === "ArrowUp" && isOpen) {
        event.preventDefault();
        this.mark(this.at <= 0 ? last : this.at - 1);
      } else if (event.key === "Enter" && isOpen && this.at >= 0 && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        this.choose(this.at);
      } else if (event.key === "Escape" && !this.list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      } else if (event.key === "Tab" && isOpen && this.at >= 0) {
        this.choose(this.at);
      }
    }
  }

  const start = (root) => {
    for (const input of root.querySelectorAll("input[data-combo]:not([role=combobox])")) new Combo(input);
  };
  start(document);
  document.addEventListener("claimflow:added", (event) => start(event.target));
})();
