/** The reader's panel: save everything to a file, bring it back, forget it all. */

/** @import {Store} from "./store.js" */

/**
 * @param {HTMLElement} panel
 * @param {Store} store
 */
export function memory(panel, store) {
  const status = panel.querySelector("[data-status]");
  const say = (/** @type {string} */ words) => status?.replaceChildren(words);
  if (!store.kept) say("This browser keeps nothing here: export your work before you leave the page.");
  panel.addEventListener("click", ({ target }) => {
    const action = target instanceof Element ? target.closest("button")?.dataset.action : "";
    if (action === "export") save(store.export());
    if (action === "forget" && confirm("Forget all your edits, answers and instrument settings in this chapter?")) {
      store.clear();
      location.reload();
    }
  });
  panel.querySelector("input[data-action=import]")?.addEventListener("change", async ({ target }) => {
    const input = /** @type {HTMLInputElement} */ (target);
    const trouble = store.import((await input.files?.[0]?.text()) ?? "");
    input.value = "";
    if (trouble) say(trouble);
    else location.reload();
  });
}

/** @param {string} text */
function save(text) {
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  Object.assign(document.createElement("a"), { href, download: "my-work.json" }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
