// A form that is sent twice goes once, and Ctrl+Enter sends the form in which the cursor stands.
// The server has its own guard (the form token); this one saves the second request and shows that something happens.
(() => {
  "use strict";

  const sent = new WeakSet();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-once-off")) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    // After this turn of the event loop, so that the pressed button's name and value still travel.
    setTimeout(() => {
      form.setAttribute("aria-busy", "true");
      for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
        button.setAttribute("aria-disabled", "true");
      }
      event.submitter?.setAttribute("aria-busy", "true");
    });
  });

  // Back with the browser's button: the page comes from memory and must work again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[aria-busy]")) {
      sent.delete(form);
      form.removeAttribute("aria-busy");
      for (const button of form.querySelectorAll("[aria-disabled=true]")) {
        button.removeAttribute("aria-disabled");
        button.removeAttribute("aria-busy");
      }
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const form = event.target instanceof Element ? event.target.closest("form") : null;
    if (!form || form.method !== "post") return;
    event.preventDefault();
    const main = form.querySelector("[data-main-submit]") ||
      form.querySelector("button:not([type=button]):not([formnovalidate]):not(.default-submit)");
    form.requestSubmit(main || undefined);
  });

  // A details menu closes when one clicks elsewhere or presses Escape.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target instanceof Element ? event.target.closest("details.menu[open]") : null;
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
  });
})();
