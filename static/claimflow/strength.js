// What a new password is worth, beside its box (input[data-strength]: the shortest that is allowed), while one types or
// pastes. It helps to choose; whether the password will do is said by the server. Four bars and words, the words 400 ms
// after the last key, so that a screen reader is not talked over.
(() => {
  "use strict";

  const WAIT_MS = 400;
  const RUNS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
  const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{L}\p{N}]/u];
  const ENOUGH = [45, 60, 80]; // bits for fair, good and strong

  // How often a letter follows its neighbour on the keyboard or in the alphabet, or itself.
  const isExpected = (before, letter) =>
    before === letter || RUNS.some((run) => run.includes(before + letter) || run.includes(letter + before));

  // A guess at the bits: runs, repeats and words that others know count as one letter each.
  const bits = (password, words) => {
    let plain = password.toLowerCase();
    for (const word of words) plain = plain.split(word).join("\u0001");
    const letters = [...plain];
    const counted = letters.filter((letter, at) => at === 0 || !isExpected(letters[at - 1], letter));
    const variety = new Set(counted).size / Math.max(counted.length, 1);
    const kinds = KINDS.filter((kind) => kind.test(password)).length;
    return counted.length * (2.4 + 0.8 * kinds) * (0.4 + 0.6 * Math.min(1, variety * 1.6));
  };

  const judge = (input) => {
    const password = input.value.normalize("NFKC");
    const length = [...password].length;
    const minimum = Number(input.dataset.strength);
    if (length < minimum) return { level: 0, name: "strengthShort", length, minimum };
    const kinds = KINDS.filter((kind) => kind.test(password)).length;
    if (kinds < Number(input.dataset.classes || 0)) return { level: 0, name: "strengthKinds" };
    const words = (input.dataset.words || "").toLowerCase().split(/[^a-z]+/).filter((word) => word.length > 3);
    const found = bits(password, words);
    const level = 1 + ENOUGH.filter((enough) => found >= enough).length;
    return { level, name: `strength-${level}` };
  };

  for (const input of document.querySelectorAll("input[data-strength]")) {
    const box = input.closest(".strength-box");
    const meter = box.querySelector(".strength");
    const text = box.querySelector(".strength-text");
    let timer = 0;
    const say = () => {
      const found = judge(input);
      meter.hidden = input.value === "";
      meter.dataset.strengthLevel = found.level;
      clearTimeout(timer);
      timer = setTimeout(() => {
        const words = box.dataset[found.name];
        text.textContent = input.value ? words.replace("{n}", found.length).replace("{minimum}", found.minimum) : "";
      }, WAIT_MS);
    };
    input.addEventListener("input", say);
    if (input.value) say();
  }
})();
