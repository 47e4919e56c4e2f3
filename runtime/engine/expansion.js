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

/** Steps of drawing that a picture may take; twenty thousand points five times over take 3.6 million. */
const MOST = 5e6;
const [SHAPE, MARKER, LAYER, EFFECT] = [5, 20, 1000, 20_000];
/** Elements within one another, which is what a browser reads, and elements that draw one another in a chain. */
const LEVELS = 250;
/** Pictures within a picture whose pixels are as many as their bytes say, or nearly. */
const PIXELS = /^\s*data:image\/(png|jpeg|gif|webp)[;,]/i;

/**
 * An element: what drawing it takes by itself, its numbers (as many as a path has corners, or more), its parts, and by
 * the property whose elements it draws besides.
 * @typedef {{steps: number, corners: number, parts: Shape[], draws: [string, string][]}} Shape
 */
/** What drawing takes, and how many shapes and corners that are. @typedef {{steps: number, shapes: number, corners: number}} Sum */

/**
 * Whether drawing takes too long, as where shapes are drawn within shapes that are drawn again and again. What can't be
 * known from the text counts as that.
 * @param {string} svg
 */
export function multiplies(svg) {
  if (/<!(ENTITY|ATTLIST)|<\?xml-stylesheet/i.test(svg)) return true;
  /** @type {Shape} */
  const whole = { steps: 0, corners: 0, parts: [], draws: [] };
  /** @type {Map<string, Shape>} */
  const named = new Map();
  const open = [whole];
  let style = -1;
  for (const { 0: tag, 1: end, 2: name = "", 3: words = "", index } of svg.matchAll(TAG)) {
    if (!name) continue;
    const kind = name.replace(/^.*:/, "");
    if (style >= 0 && /url\s*\(|\\|filter|@import/i.test(svg.slice(style, index))) return true;
    style = !end && kind === "style" ? index + tag.length : -1;
    if (end) {
      if (open.length > 1) open.pop();
      continue;
    }
    const told = attributes(words);
    if (!told || (/^(set|animate)/.test(kind) && /[#(]/.test(words))) return true;
    const shape = shapeOf(kind, told);
    for (const [key, value] of told) if (key === "id") named.set(value, shape);
    open.at(-1)?.parts.push(shape);
    if (!words.endsWith("/")) open.push(shape);
    if (open.length > LEVELS) return true;
  }
  return sum(whole, named, new Map(), 0).steps > MOST;
}

/**
 * @param {string} kind
 * @param {[string, string][]} told
 * @returns {Shape}
 */
function shapeOf(kind, told) {
  /** @type {[string, string][]} */
  const draws = [];
  let [steps, corners] = [/^fe[A-Z]/.test(kind) ? EFFECT : SHAPE, 0];
  for (const [key, value] of told) {
    if (key === "href" && value.startsWith("#")) draws.push([key, value.slice(1)]);
    else if (key === "href" ? /^\s*data:/i.test(value) && !PIXELS.test(value) : /url\([^)]*data:/i.test(value))
      steps = Number.POSITIVE_INFINITY;
    if (key === "d" || key === "points") corners += value.match(/[\d.]+/g)?.length ?? 0;
    if (key === "filter" && !/url/.test(value)) steps += EFFECT;
    for (const [, id = ""] of value.matchAll(/url\(\s*["']?#([^"')]*?)\s*["']?\s*\)/g)) draws.push([key, id]);
  }
  return { steps, corners, parts: [], draws };
}

/**
 * @param {Shape} shape
 * @param {Map<string, Shape>} named
 * @param {Map<Shape, Sum>} known what has been summed; what is being summed draws itself
 * @param {number} level
 * @returns {Sum}
 */
function sum(shape, named, known, level) {
  const found = known.get(shape);
  if (found) return found;
  const endless = { steps: Number.POSITIVE_INFINITY, shapes: 0, corners: 0 };
  if (level > 4 * LEVELS) return endless;
  known.set(shape, endless);
  const total = { steps: shape.steps + shape.corners, shapes: 1, corners: shape.corners };
  const drawn = (/** @type {string} */ id) => {
    const target = named.get(id);
    return target ? sum(target, named, known, level + 1) : { steps: 0, shapes: 0, corners: 0 };
  };
  const add = (/** @type {Sum} */ more) => {
    total.steps += more.steps;
    total.shapes += more.shapes;
    total.corners += more.corners;
  };
  for (const part of shape.parts) add(sum(part, named, known, level + 1));
  for (const [key, id] of shape.draws) if (key === "href") add(drawn(id));
  for (const [key, id] of shape.draws) {
    if (key === "href") continue;
    const { steps } = drawn(id);
    // Paints and markers hold for all that is within; what cuts, masks and blurs does so once, to a layer of its own.
    if (key.startsWith("marker")) total.steps += total.corners * (MARKER + steps);
    else if (key === "fill" || key === "stroke") total.steps += total.shapes * steps;
    else total.steps += (key === "mask" || key === "filter" ? LAYER : 0) + steps;
  }
  known.set(shape, total);
  return total;
}

/**
 * Name and value of each attribute, and of each property in `style`; nothing where one is written in disguise.
 * @param {string} words
 * @returns {[string, string][] | null}
 */
function attributes(words) {
  /** @type {[string, string][]} */
  const found = [];
  for (const [, name = "", double, single] of words.matchAll(ATTRIBUTE)) {
    const [bare, value] = [name.replace(/^.*:/, ""), (double ?? single ?? "").trim()];
    const names = bare === "id" || bare === "href" || /url|filter/i.test(value);
    if ((names && value.includes("&")) || (/style|fill|stroke|mark|mask|clip|filter/.test(bare) && /[&\\]/.test(value)))
      return null;
    if (bare === "style")
      for (const part of value.split(";")) {
        const [key = "", ...said] = part.split(":");
        found.push([key.trim().toLowerCase(), said.join(":").trim()]);
      }
    else found.push([bare, value]);
  }
  return found;
}

/** What makes new commands: a few letters of theirs can stand for a hundred thousand. */
const DEFINES = /\\(?:[gex]?def|let|futurelet|(?:re|provide)?newcommand|providecommand|global|long)(?![a-zA-Z])/;

/**
 * Whether a formula is nested too deeply to be set, or defines commands, which could make it longer than it is.
 * @param {string} tex
 */
export function tooDeep(tex) {
  let [level, deepest] = [0, 0];
  for (const [sign] of tex.matchAll(/\\(?:left|begin)\b|\\(?:right|end)\b|\\[\s\S]|[{}]/g)) {
    if (sign === "{" || /^\\(left|begin)/.test(sign)) level += 1;
    else if (sign === "}" || /^\\(right|end)/.test(sign)) level -= 1;
    deepest = Math.max(deepest, level);
  }
  return deepest > DEEPEST || ROW.test(tex) || DEFINES.test(tex);
}
