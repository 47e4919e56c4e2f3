/**
 * Tells a course system how many of a chapter's exercises are solved, by SCORM 1.2 or 2004: through the API object that
 * it puts into one of the frames around, or into the window that opened this one. Says nothing where there is none.
 */

/** How deep frames are looked through; the standard asks for a limit. */
const DEEPEST = 12;

/** @typedef {(...words: string[]) => string} Call */
/** @typedef {Record<string, Call>} Api */

/** The names that the versions of the standard give to the same things. */
const VERSIONS = [
  {
    object: "API_1484_11",
    calls: { begin: "Initialize", get: "GetValue", set: "SetValue", save: "Commit", end: "Terminate" },
    raw: "cmi.score.raw",
    exit: "cmi.exit",
    values: (/** @type {number} */ share) => ({
      "cmi.score.min": "0",
      "cmi.score.max": "100",
      "cmi.score.raw": String(Math.round(100 * share)),
      "cmi.score.scaled": String(Math.round(100 * share) / 100),
      "cmi.completion_status": share === 1 ? "completed" : "incomplete",
      "cmi.success_status": share === 1 ? "passed" : "unknown",
    }),
  },
  {
    object: "API",
    calls: { begin: "LMSInitialize", get: "LMSGetValue", set: "LMSSetValue", save: "LMSCommit", end: "LMSFinish" },
    raw: "cmi.core.score.raw",
    exit: "cmi.core.exit",
    values: (/** @type {number} */ share) => ({
      "cmi.core.score.min": "0",
      "cmi.core.score.max": "100",
      "cmi.core.score.raw": String(Math.round(100 * share)),
      "cmi.core.lesson_status": share === 1 ? "passed" : "incomplete",
    }),
  },
];

/**
 * The object of that name in a window or one around it.
 * @param {Window | null} start
 * @param {string} name
 * @returns {Api | undefined}
 */
function around(start, name) {
  let each = start;
  for (let depth = 0; each && depth < DEEPEST; depth++) {
    try {
      const found = /** @type {any} */ (each)[name];
      if (found) return found;
    } catch {
      return undefined; // a frame of another site
    }
    if (each.parent === each) return undefined;
    each = each.parent;
  }
  return undefined;
}

for (const { object, calls, raw, exit, values } of VERSIONS) {
  const api = around(window, object) ?? around(window.opener, object);
  if (!api) continue;
  const call = (/** @type {keyof typeof calls} */ what, /** @type {string[]} */ ...words) =>
    api[calls[what]]?.(...words) ?? "";
  call("begin", "");
  let told = Number(call("get", raw)) || -1;
  /** @param {Document} chapter */
  const tell = (chapter) => {
    const counted = chapter.querySelector("[data-solved]");
    const [, all = "0"] = /(\d+)\D*$/.exec(counted?.parentElement?.textContent ?? "") ?? [];
    const share = Number(all) ? Number(counted?.textContent) / Number(all) : 0;
    if (100 * share <= told) return; // another device may have told more
    told = Math.round(100 * share);
    for (const [name, value] of Object.entries(values(share))) call("set", name, value);
    call("save", "");
  };
  const frame = document.querySelector("iframe");
  const watch = () => {
    const chapter = frame?.contentDocument;
    const counted = chapter?.querySelector("[data-solved]");
    if (!chapter || !counted) return;
    tell(chapter);
    new MutationObserver(() => tell(chapter)).observe(counted, { childList: true, characterData: true, subtree: true });
  };
  frame?.addEventListener("load", watch);
  if (frame?.contentDocument?.readyState === "complete") watch();
  addEventListener("pagehide", () => {
    call("set", exit, "suspend"); // the attempt goes on next time, and its score is there to be compared with
    call("end", "");
  });
  break;
}
