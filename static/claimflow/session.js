// The end of the session: a dialog two minutes before it, and a covered page at it. The server's answer is the truth: before
// the dialog opens and before the page is covered it is asked (in the background, which renews nothing), so that windows of
// one browser and forms that save themselves all count. What is typed when the session ends is kept by the server
// (claimflow/middleware/kept.py) and stands in the form again after signing in.
(() => {
  "use strict";

  const dialog = document.getElementById("session-end");
  if (!dialog) return;
  const part = (name) => dialog.querySelector(`[data-session-${name}]`);
  const WARN = Number(dialog.dataset.warn);
  const SPOKEN = [60, 30, 10];
  const LOOK_MS = 30_000;
  const root = document.documentElement;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("claimflow.session") : null;

  let ends = 0;
  let most = 0;
  let timer = 0;
  let isOver = false;
  let isAsking = false;

  const left = () => Math.ceil((ends - Date.now()) / 1000);
  const settle = (answer) => {
    ends = Date.now() + answer.left * 1000;
    most = answer.most;
  };
  settle({ left: Number(dialog.dataset.left), most: Number(dialog.dataset.most) });
  channel?.postMessage({ ends, most });

  // --- Asking ---

  const ask = async (options = {}) => {
    try {
      const response = await fetch(dialog.dataset.url, {
        credentials: "same-origin", cache: "no-store",
        ...options, headers: { Accept: "application/json", ...options.headers },
      });
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  };
  const askQuietly = () => ask({ headers: { "X-Background": "1" } });

  // --- The dialog ---

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const speak = (seconds) => {
    if (!SPOKEN.includes(seconds)) return;
    const words = seconds === 60 ? dialog.dataset.wordMinute : dialog.dataset.wordSeconds.replace("0", String(seconds));
    part("said").textContent = words;
  };
  const warn = () => {
    const canStay = most > left() + 1;
    part("stay").hidden = !canStay;
    part("more").hidden = !canStay;
    part("last").hidden = canStay;
    part("close").hidden = canStay;
    part("said").textContent = "";
    dialog.showModal();
  };
  const close = () => {
    if (dialog.open && !isOver) dialog.close();
  };

  const stay = async () => {
    const token = part("stay").querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await ask({ method: "POST", headers: { "X-CSRFToken": token } });
    if (!answer) {
      part("said").textContent = dialog.dataset.wordFailed;
      part("failed").hidden = false;
      return;
    }
    part("failed").hidden = true;
    settle(answer);
    channel?.postMessage({ ends, most });
    close();
    look();
  };
  part("stay").addEventListener("submit", (event) => {
    event.preventDefault();
    stay();
  });
  // Escape is somebody's hand on the keyboard: they are still there.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (isOver) return;
    if (part("stay").hidden) close();
    else stay();
  });

  // --- The end ---

  let typedIn = null;
  const isTyped = (form) => form && form.method === "post" && !dialog.contains(form);
  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => {
      if (isTyped(event.target.form)) typedIn = event.target.form;
    });
  }
  if (document.querySelector("[data-put-back]")) {
    const forms = [...document.querySelectorAll("main form")].filter(isTyped);
    typedIn = forms.sort((a, b) => b.elements.length - a.elements.length)[0] ?? null;
  }

  const typed = (form) => {
    const fields = new URLSearchParams();
    let isWhole = true;
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && !form.querySelector(`[type=password][name="${CSS.escape(name)}"]`)) fields.append(name, value);
      else if (typeof value === "string" ? value : value.size) isWhole = false;
    }
    return { fields, isWhole };
  };

  const keep = async () => {
    const here = `${dialog.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
    if (!typedIn) return here;
    const { fields, isWhole } = typed(typedIn);
    try {
      const response = await fetch(typedIn.action, {
        method: "POST", body: fields, credentials: "same-origin",
        headers: { Accept: "application/json", "X-Keep": isWhole ? "all" : "part" },
      });
      return (await response.json()).url;
    } catch {
      return here;
    }
  };

  const cover = () => root.classList.add("session-over");
  const uncover = () => root.classList.remove("session-over");

  const end = async () => {
    if (isOver || isAsking) return;
    const here = document.activeElement;
    cover();
    isAsking = true;
    const answer = await askQuietly();
    isAsking = false;
    if (answer && answer.left > 0) {
      settle(answer);
      uncover();
      here.focus();
      look();
      return;
    }
    isOver = true;
    part("soon").hidden = true;
    part("over").hidden = false;
    dialog.setAttribute("aria-labelledby", "session-over-title");
    if (!dialog.open) dialog.showModal();
    if (answer) location.replace(await keep());
  };

  // --- The clock ---

  const look = () => {
    clearTimeout(timer);
    if (isOver) return;
    const seconds = left();
    if (seconds <= 0) {
      end();
      return;
    }
    if (seconds > WARN) {
      close();
      timer = setTimeout(look, Math.min((seconds - WARN) * 1000, LOOK_MS));
      return;
    }
    timer = setTimeout(look, 1000);
    if (dialog.open) {
      part("clock").textContent = clock(seconds);
      speak(seconds);
    } else if (!isAsking && !dialog.dataset.seen) {
      isAsking = true;
      askQuietly().then((answer) => {
        isAsking = false;
        if (answer) settle(answer);
        if (left() > 0 && left() <= WARN) {
          part("clock").textContent = clock(left());
          warn();
          if (part("stay").hidden) dialog.dataset.seen = "1";
        }
        look();
      });
    }
  };

  channel?.addEventListener("message", (event) => {
    if (event.data.out) {
      setTimeout(() => askQuietly().then((answer) => {
        if (answer) settle(answer);
        look();
      }), 500);
    } else if (event.data.ends > ends) {
      ({ ends, most } = event.data);
      look();
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.action === new URL(dialog.dataset.signOut, location).href) setTimeout(() => channel?.postMessage({ out: true }));
  });
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  // From the browser's memory: nothing is shown before the server has said that the session lives.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) end();
  });
  look();
})();
