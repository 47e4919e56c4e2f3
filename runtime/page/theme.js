/**
 * The reader's choice of colours: the system's, light or dark. A classic script that runs before the first paint, so
 * that a page never flashes in the other colours. `tokens.css` does the rest.
 */

const THEME = "encyclopedia theme";
const { dataset } = document.documentElement;

try {
  dataset.theme = localStorage.getItem(THEME) ?? "";
} catch {
  // storage is forbidden: the choice holds for this page
}

document.addEventListener("DOMContentLoaded", () => {
  /** @type {HTMLSelectElement | null} */
  const choice = document.querySelector("[data-theme-choice]");
  if (!choice) return;
  choice.value = dataset.theme ?? "";
  choice.addEventListener("change", () => {
    dataset.theme = choice.value;
    try {
      localStorage.setItem(THEME, choice.value);
    } catch {
      // as above
    }
  });
});
