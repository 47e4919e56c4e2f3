/**
 * Pictures among a cell's output: shown as images, never as markup, so that nothing in them runs; pressed, they open
 * large, where they can be saved and read as numbers. Loaded with the first.
 */

import { multiplies, tooDeep } from "../../engine/expansion.js";
import { download } from "../download.js";
import { element } from "./element.js";

/** @import {Picture} from "../../engine/protocol.js" */

/** Text in a picture stays legible down to this share of its size; a smaller column is scrolled. */
const SMALLEST = 0.79;
/** Characters of a formula that are set, and how large it may become. */
const LIMITS = { maxSize: 20, maxExpand: 500, strict: false, trust: false };
const SVG = "data:image/svg+xml,";
/** Pixels of a saved PNG for each of the page's. */
const SHARPNESS = 3;

/**
 * @param {Picture} picture
 * @returns {Promise<HTMLElement>}
 */
export async function drawn(picture) {
  if (picture.kind === "tex") return formula(picture.content);
  if (picture.kind === "svg" && multiplies(picture.content))
    return element("p", "output-refused", WORDS.picture.multiplies);
  const button = element("button", "output-picture");
  const image = document.createElement("img");
  button.setAttribute("type", "button");
  image.alt = picture.alt;
  image.width = picture.width;
  image.height = picture.height;
  if (picture.kind === "svg") image.style.minWidth = `${picture.width * SMALLEST}px`;
  if (picture.values) image.dataset.values = picture.values;
  image.src =
    picture.kind === "svg" ? SVG + encodeURIComponent(picture.content) : `data:image/png;base64,${picture.content}`;
  button.append(image);
  return button;
}

/** @param {string} source in TeX, with dollars around it */
async function formula(source) {
  const place = element("span", "output-tex");
  const tex = source.trim().replace(/^\$+|\$+$/g, "");
  try {
    if (tooDeep(tex)) throw new Error("it would take the page down");
    const { default: katex } = await import("katex");
    katex.render(tex, place, { displayMode: true, output: "htmlAndMathml", throwOnError: true, ...LIMITS });
  } catch {
    place.textContent = source;
  }
  return place;
}

/** @param {Element} picture one that `drawn` made, or the build */
export function enlarge(picture) {
  const small = picture.querySelector("img");
  if (!small) return;
  const large = Object.assign(document.createElement("img"), { src: small.src, alt: small.alt });
  const dialog = document.createElement("dialog");
  dialog.className = "picture-large";
  dialog.ariaLabel = small.alt;
  const act = (/** @type {string} */ words, /** @type {() => void} */ onclick) =>
    Object.assign(element("button", "button", words), { type: "button", onclick });
  const bar = element("div", "picture-bar");
  if (/^data:image\/svg|\.svg$/.test(small.src)) bar.append(act(WORDS.picture.save_svg, () => save(small, "svg")));
  bar.append(
    act(WORDS.picture.save_png, () => save(small, "png")),
    act(WORDS.site.close, () => dialog.close()),
  );
  dialog.append(large, element("p", "picture-words", small.alt), ...tables(small.dataset.values ?? ""), bar);
  dialog.onclick = ({ target }) => {
    if (target === dialog) dialog.close();
  };
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * @param {string} values what `runtime/python/pictures.py` says a picture's values are
 * @returns {HTMLElement[]}
 */
function tables(values) {
  /** @type {unknown} */
  let found;
  try {
    found = JSON.parse(values);
  } catch {}
  if (!Array.isArray(found)) return [];
  const box = element("details", "picture-values");
  box.append(element("summary", "", WORDS.picture.values));
  for (const [title, rows] of found.filter(Array.isArray)) {
    const table = document.createElement("table");
    if (title) table.createCaption().textContent = String(title);
    for (const row of Array.isArray(rows) ? rows : []) {
      const line = table.insertRow();
      for (const value of Array.isArray(row) ? row : []) line.insertCell().textContent = String(value);
    }
    box.append(table);
  }
  return [box];
}

/**
 * @param {HTMLImageElement} image
 * @param {"svg" | "png"} kind
 */
async function save(image, kind) {
  download(kind === "svg" ? await asSvg(image) : await asPng(image), `${WORDS.picture.file}.${kind}`);
}

/**
 * With the day's colours alone, because few programs know `light-dark()`.
 * @param {HTMLImageElement} image
 */
async function asSvg(image) {
  const own = image.src.startsWith(SVG); // which the page's policy forbids to fetch
  const text = own ? decodeURIComponent(image.src.slice(SVG.length)) : await (await fetch(image.src)).text();
  return new Blob([text.replace(/light-dark\((#[0-9a-f]{6}),#[0-9a-f]{6}\)/g, "$1")], { type: "image/svg+xml" });
}

/**
 * On white, with the day's colours.
 * @param {HTMLImageElement} image
 */
async function asPng(image) {
  const day = new Image();
  day.src = image.src;
  await day.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * SHARPNESS;
  canvas.height = image.height * SHARPNESS;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(day, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob((file) => done(/** @type {Blob} */ (file)), "image/png"));
}
