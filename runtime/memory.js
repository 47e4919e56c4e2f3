/** The reader's panel: save everything to a file, bring it back, forget it all. Loaded when one of them is asked for. */

/** @import {Store} from "./store.js" */

/**
 * @param {HTMLElement} status where to say something
 * @param {Store} store
 * @param {Event} event a click or a change in the panel
 */
export async function memory(status, store, { type, target }) {
  const action = target instanceof Element ? target.closest("button")?.dataset.action : "";
  if (action === "export") save(store.export());
  if (action === "forget" && confirm("Forget all your edits, answers and instrument settings in this chapter?")) {
    store.clear();
    location.reload();
  }
  if (type !== "change" || !(target instanceof HTMLInputElement)) return;
  const trouble = store.import(marked((await target.files?.[0]?.text()) ?? ""));
  target.value = "";
  status.textContent = trouble;
  if (!trouble) location.reload();
}

/**
 * The text of a file in which all code says that it came by a file: it may be anybody's, see `Draft`.
 * @param {string} text
 */
function marked(text) {
  try {
    const file = JSON.parse(text);
    for (const [key, value] of Object.entries(file.entries))
      if (/^(cell|earlier) /.test(key) && value instanceof Object) value.from ??= "file";
    return JSON.stringify(file);
  } catch {
    return text; // no file of ours, as the store will say
  }
}

/** @param {string} text */
function save(text) {
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  Object.assign(document.createElement("a"), { href, download: "my-work.json" }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
