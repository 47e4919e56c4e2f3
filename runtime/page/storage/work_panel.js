/** The reader's panel: save everything to a file, bring it back, forget it all. Loaded when one of them is asked for. */

import { fill } from "../../engine/words.js";
import { download } from "../download.js";
import { handOn } from "../focus.js";
import { bringBack, exported, replacedByFile, takeBack } from "./work_file.js";

/** @import {Store} from "./store.js" */

/**
 * @param {HTMLElement} status where to say something
 * @param {Store} store
 * @param {Event} event a click or a change in the panel, or that the page has come
 */
export async function memory(status, store, { type, target }) {
  const action = target instanceof Element ? target.closest("button")?.dataset.action : "";
  const named = status.parentElement?.querySelector("[autocomplete=name]");
  const name = named instanceof HTMLInputElement ? named.value.trim() : "";
  if (action === "export") download(new Blob([exported(store, name)], { type: "application/json" }), WORDS.work.file);
  if ((action === "export" || action === "forget") && parent !== window) status.textContent = WORDS.work.framed;
  if (action === "forget" && confirm(WORDS.work.forget_all)) {
    store.clear();
    location.reload();
  }
  if (type === "load" && store.trouble) status.textContent = fill(WORDS.work.not_kept_save, { reason: store.trouble });
  if (type === "load" && replacedByFile(store)) offer(status, store, WORDS.work.replaced);
  if (type !== "change" || !(target instanceof HTMLInputElement) || target.type !== "file") return;
  const [file] = target.files ?? [];
  const { words, undo } = file ? await bringBack(store, file) : { words: "", undo: false };
  target.value = "";
  if (undo) offer(status, store, words);
  else status.textContent = words;
}

/**
 * @param {HTMLElement} status
 * @param {Store} store
 * @param {string} words
 */
function offer(status, store, words) {
  status.replaceChildren(words, " ", back(status, store));
}

/**
 * @param {HTMLElement} status
 * @param {Store} store
 */
function back(status, store) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", textContent: WORDS.site.back });
  button.onclick = () => {
    takeBack(store);
    handOn(status, status.parentElement?.querySelector("button"));
    status.textContent = WORDS.work.as_before;
    if (replacedByFile(store)) offer(status, store, WORDS.work.as_before_last);
  };
  return button;
}
