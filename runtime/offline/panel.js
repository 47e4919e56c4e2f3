/**
 * The panel "Offline": keeps the chapter on this device, and removes it again. Loaded when a reader turns to it;
 * nothing is registered or stored before. What is kept, and how, is the matter of `service_worker.js`.
 */

import { figures } from "../engine/numbers.js";
import { policy } from "../engine/trusted_types.js";
import { fill } from "../engine/words.js";
import { storeOf } from "./cache_name.js";

/** @typedef {(words: string) => void} Say */

const FOLDER = new URL("./", location.href).href;
const KEEPER = `${FOLDER}offline.js`;
/** Milliseconds in which a keeper that failed may still say why. */
const LAST_WORDS = 1000;

/**
 * Do what a button asks for, or only show how things stand.
 * @param {HTMLElement} panel
 * @param {string} action data-action of a button, or an empty text
 */
export async function keeping(panel, action) {
  const status = panel.querySelector("[data-status]");
  const say = (/** @type {string} */ words) => status?.replaceChildren(words);
  const buttons = [...panel.querySelectorAll("button")];
  if (!allowed()) return say(WORDS.offline.refused);
  for (const button of buttons) button.disabled = true;
  let reason = "";
  try {
    if (action === "keep") await keep(say);
    if (action === "remove") await remove(say);
  } catch (error) {
    reason = /** @type {Error} */ (error).message;
  }
  const [there, files] = await Promise.all([registered(), stored()]);
  if (reason) say(fill(files ? WORDS.offline.partly : WORDS.offline.not_kept, { reason }));
  else if (there && !action) say(WORDS.offline.there);
  for (const button of buttons) {
    button.disabled = false;
    button.hidden = button.dataset.action === "keep" ? Boolean(there?.active && !reason) : !there?.active && !files;
  }
  if (action) buttons.find((button) => !button.hidden)?.focus();
}

/** Whether files lie on the device; what an attempt that failed has fetched can be removed as well. */
async function stored() {
  try {
    return await caches.has(storeOf(FOLDER));
  } catch {
    return false;
  }
}

function allowed() {
  try {
    return Boolean(navigator.serviceWorker);
  } catch {
    return false;
  }
}

async function registered() {
  const found = await navigator.serviceWorker.getRegistration(FOLDER).catch(() => undefined); // denied
  return found?.scope === FOLDER ? found : undefined;
}

/** @param {Say} say */
async function keep(say) {
  say(WORDS.offline.keeping);
  navigator.storage?.persist?.().catch(() => {}); // asked, not needed
  const { serviceWorker } = navigator;
  /** @type {(failed: string) => void} */
  let end = () => {};
  /** Why it failed; nothing if all files are here. @type {Promise<string>} */
  const ended = new Promise((settle) => {
    end = settle;
  });
  const hear = (/** @type {MessageEvent} */ { data }) => {
    if (data.folder !== FOLDER) return;
    if (data.failed || data.kept) end(data.failed ?? "");
    else {
      const percent = Math.floor((100 * data.done) / data.total);
      say(fill(WORDS.offline.share, { percent, megabytes: figures(data.total / 1e6) }));
    }
  };
  serviceWorker.addEventListener("message", hear);
  try {
    const registration = await serviceWorker.register(policy.createScriptURL(KEEPER), {
      scope: FOLDER,
      updateViaCache: "none",
    });
    const { installing, active } = registration;
    if (installing && (await ready(installing))) return say(WORDS.offline.kept);
    if (installing) setTimeout(end, LAST_WORDS, WORDS.offline.no_reason);
    else active?.postMessage("fill"); // it is here from before, and what it kept may be gone
    const failed = await ended;
    if (failed) throw new Error(failed);
    say(WORDS.offline.kept);
  } finally {
    serviceWorker.removeEventListener("message", hear);
  }
}

/**
 * @param {ServiceWorker} worker
 * @returns {Promise<boolean>} false: it will never be
 */
function ready(worker) {
  return new Promise((settle) => {
    const look = () => {
      if (worker.state === "activated") settle(true);
      if (worker.state === "redundant") settle(false);
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

/** @param {Say} say */
async function remove(say) {
  await (await registered())?.unregister();
  await caches.delete(storeOf(FOLDER));
  say(WORDS.offline.removed);
}
