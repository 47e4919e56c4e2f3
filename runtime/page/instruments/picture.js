/**
 * A reader's own picture for an instrument: decoded and shrunk here, handed on as text, sent nowhere.
 */

/**
 * "WIDTHxHEIGHT:" and the base64 of the RGB bytes, row by row; transparent parts on white, the first image of a moving
 * one. Rejects when the file is no picture.
 * @param {File | ImageBitmap} file
 * @param {number} size longest side in pixels; smaller pictures are not enlarged
 */
export async function pixels(file, size) {
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
