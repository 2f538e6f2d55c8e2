// Amounts as the server reads and writes them, for the scripts that add them up.
(() => {
  "use strict";

  // As claimflow/lib/money.py reads amounts, in cents; null when it is not an amount.
  const cents = (text) => {
    const clean = text.replace(/[\s$']/g, "");
    if (!/^-?[\d.,]+$/.test(clean)) return null;
    const at = Math.max(clean.lastIndexOf("."), clean.lastIndexOf(","));
    const grouped = /^-?\d{1,3}(,\d{3})+$/.test(clean) || /^-?\d{1,3}(\.\d{3}){2,}$/.test(clean);
    const whole = (at < 0 || grouped ? clean : clean.slice(0, at)).replace(/[.,]/g, "");
    const tail = at < 0 || grouped ? "" : clean.slice(at + 1);
    if (tail.length > 2) return null;
    return Number(whole || 0) * 100 + Number(tail.padEnd(2, "0")) * (whole.startsWith("-") ? -1 : 1);
  };
  const dollars = (amount) =>
    (amount / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  window.claimflowMoney = { cents, dollars };
})();
