/**
 * A reader's own pictures for an instrument: decoded and shrunk here, handed on as text, sent nowhere.
 */

import { fill } from "../../engine/words.js";

/**
 * The pictures among files, in their order, and what is to be said of the others.
 * @param {(File | ImageBitmap)[]} files
 * @param {number} size longest side in pixels; smaller pictures are not enlarged
 */
export async function pictures(files, size) {
  /** @type {string[]} */
  const found = [];
  /** @type {string[]} */
  const unread = [];
  for (const file of files) {
    const picture = await pixels(file, size).catch(() => "");
    if (picture) found.push(picture);
    else unread.push(file instanceof File ? fill(WORDS.instrument.quoted, { name: file.name }) : WORDS.camera.gave);
  }
  return { pictures: found, complaint: complaint(unread) };
}

/** @param {string[]} names of what is no picture */
function complaint(names) {
  const [name = ""] = names;
  if (names.length > 1) return fill(WORDS.instrument.no_pictures, { names: names.join(", ") });
  return name && fill(WORDS.instrument.no_picture, { name });
}

/**
 * "WIDTHxHEIGHT:" and the base64 of the RGB bytes, row by row; transparent parts on white, the first image of a moving
 * one. Rejects when the file is no picture.
 * @param {File | ImageBitmap} file
 * @param {number} size longest side in pixels; smaller pictures are not enlarged
 */
async function pixels(file, size) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, size / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return `${width}x${height}:${btoa(Array.from(data, (byte, i) => (i % 4 === 3 ? "" : String.fromCharCode(byte))).join(""))}`;
}
