/**
 * Pictures and formulas from a cell that would grow without measure when they are drawn, found in their text: a few
 * lines can ask for a million shapes, or for more levels than the browser's layout has room for. Knows no page.
 */

/** Levels of braces, of fractions and roots, of \left and of environments in a formula; the tab dies from about 150. */
const DEEPEST = 40;

/** No sign can be read in two ways, and each part ends at the next <, so that reading takes as long as the text. */
const TAG =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<\?[\s\S]*?(?:\?>|$)|<(\/?)([^\s/<>!?]+)((?:[\s/](?:"[^"<]*"|'[^'<]*'|[^<>"'])*)?)>/g;
const ATTRIBUTE = /(?<=^|[\s"'])([^\s="']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
/** As many commands in a row that each may take what follows. */
const ROW = new RegExp(`(?:\\\\[a-zA-Z]+\\s*(?:\\d\\s*)?){${DEEPEST}}`);

/**
 * Whether shapes are used within what is itself used: each level multiplies all below it.
 * @param {string} svg
 */
export function multiplies(svg) {
  if (/<!(ENTITY|ATTLIST)/i.test(svg)) return true;
  /** @type {string[]} */
  const open = [];
  const used = new Set();
  const using = new Set();
  for (const [, end, name = "", words = ""] of svg.matchAll(TAG)) {
    if (end) open.pop();
    if (!name || end) continue;
    const told = attributes(words);
    if (`${told.id}${told.href}`.includes("&")) return true; // a name that is written in disguise
    open.push(told.id);
    if (name.replace(/^.*:/, "") === "use") {
      used.add(told.href.replace(/^#/, ""));
      for (const id of open) if (id) using.add(id);
    }
    if (words.endsWith("/")) open.pop();
  }
  return [...using].some((id) => used.has(id));
}

/** @param {string} words */
function attributes(words) {
  const found = { id: "", href: "" };
  for (const [, name = "", double, single] of words.matchAll(ATTRIBUTE)) {
    const bare = name.replace(/^.*:/, "");
    if (bare === "id" || bare === "href") found[bare] = (double ?? single ?? "").trim();
  }
  return found;
}

/**
 * Whether a formula is nested too deeply to be set.
 * @param {string} tex
 */
export function tooDeep(tex) {
  let [level, deepest] = [0, 0];
  for (const [sign] of tex.matchAll(/\\(?:left|begin)\b|\\(?:right|end)\b|\\[\s\S]|[{}]/g)) {
    if (sign === "{" || /^\\(left|begin)/.test(sign)) level += 1;
    else if (sign === "}" || /^\\(right|end)/.test(sign)) level -= 1;
    deepest = Math.max(deepest, level);
  }
  return deepest > DEEPEST || ROW.test(tex);
}
