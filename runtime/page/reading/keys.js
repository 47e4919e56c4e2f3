/**
 * Single keys that carry a reader from cell to cell, and the list of all keys. Whoever types by voice, or hits keys by
 * accident, turns them off in that list; `?` stays, because nothing else would turn them on again.
 */

const SETTING = "encyclopedia keys";
/** What a letter does, and where it goes; its capital goes back. @type {Record<string, [string, string]>} */
const PLACES = {
  c: [WORDS.keys.next_cell, "[data-cell]"],
  e: [WORDS.keys.next_exercise, ".exercise"],
  i: [WORDS.keys.next_instrument, ".instrument"],
  f: [WORDS.keys.next_figure, "figure.figure, .equation"],
};
/** Other keys that work somewhere. @type {[string, string][]} */
const KEYS = [
  ["/", WORDS.keys.search],
  [WORDS.keys.run_keys, WORDS.keys.run],
  [WORDS.keys.leave_keys, WORDS.keys.leave],
  [WORDS.keys.arrows, WORDS.keys.move],
  [WORDS.keys.arrows, WORDS.keys.change],
  [WORDS.keys.escape, WORDS.keys.close],
  ["?", WORDS.keys.list],
];
/** Pixels at the top that are hidden or too near to be read. */
const MARGIN = 90;

/** @type {HTMLDialogElement | null} */
let dialog = null;
let on = stored();

/** @param {string} key */
export function press(key) {
  if (key === "?") list();
  else if (on) go(PLACES[key.toLowerCase()]?.[1] ?? "", key === key.toLowerCase());
}

/**
 * To the next or the one before, seen from the top of the window.
 * @param {string} selector
 * @param {boolean} forwards
 */
function go(selector, forwards) {
  const places = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector))];
  const top = (/** @type {HTMLElement} */ place) => place.getBoundingClientRect().top;
  const here = /** @type {HTMLElement | null} */ (document.activeElement?.closest(selector) ?? null);
  const at = here ? places.indexOf(here) : -1;
  const next = forwards
    ? places.find((place, index) => (at >= 0 ? index > at : top(place) > MARGIN))
    : places.findLast((place, index) => (at >= 0 ? index < at : top(place) < 0));
  if (!next) return;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

function list() {
  dialog ??= made();
  if (!dialog.open) dialog.showModal();
}

function made() {
  const box = Object.assign(document.createElement("dialog"), { className: "search keys", ariaLabel: WORDS.keys.keys });
  const rows = Object.entries(PLACES).map(([key, [name]]) => [`${key}, ${key.toUpperCase()}`, name]);
  const table = document.createElement("dl");
  for (const [keys = "", what = ""] of [...rows, ...KEYS]) {
    const term = document.createElement("dt");
    term.append(Object.assign(document.createElement("kbd"), { textContent: keys }));
    table.append(term, Object.assign(document.createElement("dd"), { textContent: what }));
  }
  const choice = Object.assign(document.createElement("input"), { type: "checkbox", checked: on });
  choice.addEventListener("change", () => keep(choice.checked));
  const label = document.createElement("label");
  label.append(choice, ` ${WORDS.keys.letters}`);
  const close = Object.assign(document.createElement("button"), { className: "button", textContent: WORDS.site.close });
  close.addEventListener("click", () => box.close());
  box.append(Object.assign(document.createElement("h2"), { textContent: WORDS.keys.keys }), table, label, close);
  box.addEventListener("click", ({ target }) => target === box && box.close());
  (document.querySelector("main") ?? document.body).append(box);
  return box;
}

/** @param {boolean} wanted */
function keep(wanted) {
  on = wanted;
  try {
    localStorage.setItem(SETTING, wanted ? "" : "off");
  } catch {
    // storage is forbidden: the choice holds for this page
  }
}

function stored() {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}
