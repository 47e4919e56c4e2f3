/**
 * What the reader has done and Python has not been asked yet, as requests in their order. Python takes a request's
 * settings before its acts, so a setting that comes after an act begins another request.
 *
 * @typedef {{set: Record<string, any>, acts: string[]}} Request
 */

export class Pending {
  /** @type {Request[]} */
  #requests = [];
  /** Where the pointer is: only the newest place matters, after everything else. */
  #point = "";

  get any() {
    return this.#requests.length > 0 || this.#point !== "";
  }

  /** @param {Record<string, unknown>} values by field */
  set(values) {
    const last = this.#requests.at(-1);
    if (last && !last.acts.length) Object.assign(last.set, values);
    else this.#requests.push({ set: { ...values }, acts: [] });
  }

  /** @param {string} act */
  act(act) {
    if (!this.#requests.length) this.#requests.push({ set: {}, acts: [] });
    this.#requests.at(-1)?.acts.push(...(this.#point ? [this.#point] : []), act);
    this.#point = "";
  }

  /** @param {string} act */
  point(act) {
    this.#point = act;
  }

  /** @returns {Request} the oldest, or an empty one */
  take() {
    const { set, acts } = this.#requests.shift() ?? { set: {}, acts: [] };
    if (this.#requests.length || !this.#point) return { set, acts };
    const point = this.#point;
    this.#point = "";
    return { set, acts: [...acts, point] };
  }

  /**
   * Nothing came of it: it is the oldest again.
   * @param {Request} request
   */
  giveBack(request) {
    this.#requests.unshift(request);
  }

  /** @param {string} field */
  has(field) {
    return this.#requests.some(({ set }) => field in set);
  }

  /** @param {string} field @returns {any} what the next setting of it would replace unasked */
  waiting(field) {
    const last = this.#requests.at(-1);
    return last?.acts.length ? undefined : last?.set[field];
  }
}
