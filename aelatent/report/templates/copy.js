/* Buttons that copy. Everything is readable without them. */
"use strict";
(() => {
  const all = (query, root = document) => [...root.querySelectorAll(query)];

  for (const button of all("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent.trim();
      const before = button.textContent;
      let done = true;
      try { await navigator.clipboard.writeText(text); } catch {
        getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
        done = document.execCommand("copy");
      }
      button.textContent = done ? "Copied" : "Press Ctrl+C";
      setTimeout(() => { button.textContent = before; }, 2000);
    });
  }
})();
