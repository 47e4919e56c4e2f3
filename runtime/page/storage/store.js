/**
 * The reader's own things: edited cells, answers, instrument states. Kept by the browser where it lets us, else in
 * memory; what could not be written is named, and tried again. What something else replaces is put beside. Two tabs
 * of a page hear of one another. Never sent anywhere; leaves only as a file the reader saves.
 */

/** First key of every entry: other pages of the same host share the storage. */
const NAME = "encyclopedia";
/** First word of the key under which the earlier values of an entry are kept. */
const BEFORE = "before ";
/** What the last file replaced: it never gives way, since there is no other way back. */
export const REPLACED = `${BEFORE}file`;
/** Earlier values of an entry that are kept, and their characters; what must be kept is kept however long it is. */
const MOST = 5;
const ROOM = 200_000;

/**
 * A value that was replaced, and by what. `link`: what replaced it is a link's state that the reader has not touched yet.
 * @typedef {{by: string, value: any, link?: boolean}} Earlier
 */
/**
 * What has happened to an entry behind its owner's back: another tab wrote it; or wrote it while the owner did, whose
 * value stays (`clash`); or put an earlier value beside (`before`); or the reader brought it back (`file`).
 * @typedef {"tab" | "clash" | "before" | "file"} News
 */

export class Store {
  /** The text of each entry. @type {Map<string, string>} */
  #memory = new Map();
  /** @type {Map<string, (news: News) => void>} */
  #owners = new Map();
  /** What is known to lie in the browser's storage. @type {Map<string, string>} */
  #stored = new Map();
  /** Name of the book and path of the page: two chapters share nothing. */
  chapter;
  #prefix;
  /** Why the browser keeps nothing more, or an empty text. */
  trouble = "";
  #told = "";
  /** Called when other entries than before could not be written, with their keys. @type {(keys: string[]) => void} */
  onTrouble = () => {};

  /** @param {string} chapter */
  constructor(chapter) {
    this.chapter = `${NAME} ${chapter}`;
    this.#prefix = `${this.chapter} `;
    this.#compare();
    globalThis.addEventListener?.("storage", ({ key }) => {
      if (key?.startsWith(this.#prefix) ?? true) this.#compare();
    });
    globalThis.addEventListener?.("pageshow", () => this.#compare()); // gone back to, it has missed all events
  }

  /** The keys of all entries; of earlier values there is only `before`. */
  get keys() {
    return [...this.#memory.keys()].filter((key) => !key.startsWith(BEFORE));
  }

  /**
   * @param {string} key
   * @returns {any} what was put there, or undefined
   */
  get(key) {
    return parsed(this.#memory.get(key));
  }

  /**
   * @param {string} key
   * @param {unknown} value undefined removes the entry
   */
  put(key, value) {
    this.#compare(key); // another tab may have written, and its event not have come yet
    set(this.#memory, key, value === undefined ? null : JSON.stringify(value));
    this.#write();
  }

  /**
   * Put an entry in its owner's place, who is told.
   * @param {string} key
   * @param {unknown} value
   */
  replace(key, value) {
    this.put(key, value);
    this.#owners.get(key)?.("file");
  }

  /** Forget everything. */
  clear() {
    for (const key of this.keys) this.replace(key, undefined);
    for (const key of this.#memory.keys()) this.put(key, undefined);
  }

  /**
   * A value is about to be replaced: put it where `before` finds it.
   * @param {string} key
   * @param {string} by what replaces it
   * @param {unknown} [value]
   * @param {boolean} [link]
   */
  shelve(key, by, value = this.get(key), link = false) {
    if (value === undefined) return;
    this.#compare(BEFORE + key);
    this.put(BEFORE + key, joined([link ? { by, value, link } : { by, value }], this.before(key)));
  }

  /**
   * What a link brought has become the reader's own, because they go on from it.
   * @param {string} key
   */
  adopt(key) {
    const earlier = this.before(key);
    if (earlier[0]?.link) this.put(BEFORE + key, earlier.map(owned));
  }

  /**
   * The newest of the earlier values is back, or no longer wanted; older ones stay.
   * @param {string} key
   */
  unshelve(key) {
    const [, ...older] = this.before(key);
    this.put(BEFORE + key, older.length ? older.map(owned) : undefined);
  }

  /**
   * @param {string} key
   * @returns {Earlier[]} the values that were replaced, the last one first
   */
  before(key) {
    return versions(this.#memory.get(BEFORE + key));
  }

  /**
   * @param {string} key
   * @param {(news: News) => void} owner
   */
  watch(key, owner) {
    this.#owners.set(key, owner);
  }

  /**
   * Hear what another tab has written.
   * @param {string} [writing] the only entry to look at; its owner is about to write it
   */
  #compare(writing) {
    try {
      const { localStorage } = globalThis;
      const all = () => [...Object.keys(localStorage).flatMap((key) => this.#own(key)), ...this.#stored.keys()];
      for (const key of writing === undefined ? all() : [writing])
        this.#hear(key, localStorage.getItem(this.#prefix + key), writing !== undefined);
    } catch (error) {
      this.trouble = reason(error);
    }
  }

  /**
   * @param {string} key
   * @param {string | null} text what is stored now
   * @param {boolean} writing
   */
  #hear(key, text, writing) {
    if (text === (this.#stored.get(key) ?? null)) return;
    const unwritten = this.#memory.get(key) !== this.#stored.get(key);
    set(this.#stored, key, text);
    if ((writing || unwritten) && !key.startsWith(BEFORE)) {
      if (text !== null) this.shelve(key, WORDS.version.by_this_tab, parsed(text));
      this.#owners.get(key)?.("clash");
    } else {
      const mine = unwritten && text && key.startsWith(BEFORE) ? versions(this.#memory.get(key)) : [];
      set(this.#memory, key, mine.length ? JSON.stringify(joined(versions(text), mine)) : text);
      if (key.startsWith(BEFORE)) this.#owners.get(key.slice(BEFORE.length))?.("before");
      else this.#owners.get(key)?.("tab");
    }
  }

  /** Write what is not written yet; first what makes room. An earlier value that is lost is its entry's loss. */
  #write() {
    this.trouble = "";
    const unwritten = () =>
      [...new Set([...this.#memory.keys(), ...this.#stored.keys()])].filter(
        (key) => this.#memory.get(key) !== this.#stored.get(key),
      );
    const length = (/** @type {Map<string, string>} */ of, /** @type {string} */ key) => of.get(key)?.length ?? 0;
    const growth = (/** @type {string} */ key) => length(this.#memory, key) - length(this.#stored, key);
    for (const key of unwritten().sort((one, other) => growth(one) - growth(other))) this.#save(key);
    const lost = [...new Set(unwritten().map((key) => key.replace(BEFORE, "")))];
    const told = this.trouble + lost;
    if (told !== this.#told) this.onTrouble(lost);
    this.#told = told;
  }

  /** @param {string} key */
  #save(key) {
    const text = this.#memory.get(key) ?? null;
    if (text === (this.#stored.get(key) ?? null)) return;
    try {
      this.#move(key, text);
    } catch (error) {
      this.trouble = reason(error);
    }
  }

  /**
   * Earlier values give way where the storage is full.
   * @param {string} key
   * @param {string | null} text
   */
  #move(key, text) {
    const { localStorage } = globalThis;
    const write = () => {
      if (text === null) localStorage.removeItem(this.#prefix + key);
      else localStorage.setItem(this.#prefix + key, text);
    };
    try {
      write();
    } catch (error) {
      const before = [...this.#stored.keys()].filter((other) => other.startsWith(BEFORE) && other !== REPLACED);
      if (!before.length || key.startsWith(BEFORE)) throw error;
      for (const other of before) {
        localStorage.removeItem(this.#prefix + other);
        this.#stored.delete(other);
      }
      write();
      this.trouble = reason(error); // what gave way is kept for this visit only
    }
    set(this.#stored, key, text);
  }

  /** @param {string} key of the browser's storage */
  #own(key) {
    return key.startsWith(this.#prefix) ? [key.slice(this.#prefix.length)] : [];
  }
}

/**
 * @param {Map<string, string>} map
 * @param {string} key
 * @param {string | null} text null: none
 */
function set(map, key, text) {
  if (text === null) map.delete(key);
  else map.set(key, text);
}

/**
 * @param {string | null} [text] of an entry of earlier values
 * @returns {Earlier[]}
 */
function versions(text) {
  const earlier = parsed(text ?? undefined);
  return Array.isArray(earlier) ? earlier.filter((one) => typeof one?.value === "object" && one.value) : [];
}

/** @param {Earlier} earlier */
function owned({ by, value }) {
  return { by, value };
}

/**
 * As many earlier values as are kept, each once: the newest, and always the last that came by no link and no file, so
 * that no number of links can take it away.
 * @param {Earlier[]} newer
 * @param {Earlier[]} older
 */
function joined(newer, older) {
  const known = new Set(newer.map(({ value }) => JSON.stringify(value)));
  const all = [...newer, ...older.filter(({ value }) => !known.has(JSON.stringify(value)))];
  const kept = new Set([all[0], all.find(({ value }) => !value.from)]);
  let room = ROOM;
  for (const one of all) {
    room -= JSON.stringify(one).length;
    if (room > 0 && kept.size < MOST) kept.add(one);
  }
  return all.filter((one) => kept.has(one));
}

/** @param {unknown} error */
function reason(error) {
  const full = /quota/i.test(/** @type {Error} */ (error)?.name);
  return full ? WORDS.work.storage_full : WORDS.work.storage_denied;
}

/** @param {string | undefined} text */
function parsed(text = "null") {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
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
