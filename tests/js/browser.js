/** What modules of the page find in a browser and not here; no test stands in this file. */

/** The storage of one origin, with room for so many characters, seen by any number of tabs. */
export class Disk {
  /** @param {number} room */
  constructor(room = Number.POSITIVE_INFINITY) {
    this.room = room;
    /** @type {Map<string, string>} */
    this.entries = new Map();
    this.denied = false;
  }

  /** What `localStorage` is to a page. */
  get storage() {
    const disk = this;
    const check = () => {
      if (disk.denied) throw new DOMException("denied", "SecurityError");
    };
    const handler = {
      ownKeys: () => [...disk.entries.keys()],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    };
    return new Proxy(
      {
        getItem(/** @type {string} */ key) {
          check();
          return disk.entries.get(key) ?? null;
        },
        setItem(/** @type {string} */ key, /** @type {string} */ value) {
          check();
          const others = [...disk.entries].filter(([other]) => other !== key);
          const used = others.reduce((sum, [name, text]) => sum + name.length + text.length, 0);
          if (used + key.length + value.length > disk.room) throw new DOMException("full", "QuotaExceededError");
          disk.entries.set(key, value);
        },
        removeItem(/** @type {string} */ key) {
          check();
          disk.entries.delete(key);
        },
      },
      handler,
    );
  }
}

/**
 * Make a page's globals of it.
 * @param {Disk} disk
 */
export function use(disk) {
  Object.defineProperty(globalThis, "localStorage", { configurable: true, get: () => disk.storage });
}
