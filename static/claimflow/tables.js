// A table that fits its frame needs no scroll box, and then its heads can stay in sight while the page scrolls.
// A frame that does scroll sideways can be reached and moved with the keyboard.
(() => {
  "use strict";

  const measure = (frame) => {
    frame.classList.remove("fits");
    const fits = frame.scrollWidth <= frame.clientWidth + 1;
    frame.classList.toggle("fits", fits);
    if (fits) frame.removeAttribute("tabindex");
    else frame.tabIndex = 0;
  };
  const observer = new ResizeObserver((entries) => entries.forEach((entry) => measure(entry.target)));
  for (const frame of document.querySelectorAll(".table-frame")) observer.observe(frame);
})();
