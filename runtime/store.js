/**
 * The reader's own things: edited cells, answers, instrument states. Kept by the browser where it lets us, else in
 * memory. Never sent anywhere; leaves only as a file the reader saves.
 */

/** First key of every entry: other pages of the same host share the storage. */
const NAME = "encyclopedia";
const FORMAT = 1;

export class Store {
  /** @type {Map<string, string>} */
  #memory = new Map();
  #prefix;
  /** Whether the browser keeps the entries after the page is closed. */
  kept = true;

  /** @param {string} chapter path of the page: two chapters share nothing */
  constructor(chapter) {
    this.#prefix = `${NAME} ${chapter} `;
    try {
      const { localStorage } = globalThis;
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(this.#prefix))
          this.#memory.set(key.slice(this.#prefix.length), localStorage.getItem(key) ?? "");
      }
    } catch {
      this.kept = false;
    }
  }

  /** The keys of all entries. */
  get keys() {
    return [...this.#memory.keys()];
  }

  /**
   * @param {string} key
   * @returns {any} what was put there, or undefined
   */
  get(key) {
    try {
      return JSON.parse(this.#memory.get(key) ?? "null") ?? undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * @param {string} key
   * @param {unknown} value undefined removes the entry
   */
  put(key, value) {
    if (value === undefined) this.#memory.delete(key);
    else this.#memory.set(key, JSON.stringify(value));
    this.#write((storage) => {
      if (value === undefined) storage.removeItem(this.#prefix + key);
      else storage.setItem(this.#prefix + key, JSON.stringify(value));
    });
  }

  clear() {
    for (const key of this.keys) this.put(key, undefined);
  }

  /** Everything, as the text of a file. */
  export() {
    const entries = Object.fromEntries(this.keys.map((key) => [key, this.get(key)]));
    return JSON.stringify({ format: FORMAT, chapter: this.#prefix.trim(), entries }, null, 1);
  }

  /**
   * Take over the entries of an exported file; others stay.
   * @param {string} text
   * @returns {string} what is wrong with the file, or an empty text
   */
  import(text) {
    const file = parsed(text);
    if (typeof file?.entries !== "object" || file.entries === null)
      return "This is not a file exported from this book.";
    if (file.format !== FORMAT) return "This file was exported by a newer version of the book.";
    if (file.chapter !== this.#prefix.trim()) return "This file belongs to another chapter.";
    for (const [key, value] of Object.entries(file.entries)) this.put(key, value ?? undefined);
    return "";
  }

  /** @param {(storage: Storage) => void} change */
  #write(change) {
    try {
      change(globalThis.localStorage);
    } catch {
      this.kept = false; // full or forbidden: the page goes on in memory
    }
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * A short fingerprint of a text (FNV-1a, 2 × 32 bits); not for secrets.
 * @param {string} text
 */
export function fingerprint(text) {
  let [a, b] = [0x811c9dc5, 0xcbf29ce4];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(i), 0x01000197);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
