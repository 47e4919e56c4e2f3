/** Gives the reader a file that the page has made. */

/** Milliseconds after which a browser has surely begun to save it. */
const BEGUN = 10_000;

/**
 * @param {Blob} file
 * @param {string} name
 */
export function download(file, name) {
  const href = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), BEGUN);
}
