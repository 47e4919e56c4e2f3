/** Where the files of a chapter that is kept offline are stored. */

/** Other pages of the same host share the browser's stores. */
const NAME = "encyclopedia";

/**
 * Name of the chapter's store.
 * @param {string} folder absolute URL of the chapter's folder
 */
export function storeOf(folder) {
  return `${NAME} ${folder}`;
}
