/**
 * How much an untrusted worker may send: messages and characters by rate (token buckets), output by run. What
 * `runtime/python/output_stream.py` sends never meets a limit; a limit that is met is a sentence for the reader. Reads no clock.
 */

import { figures } from "./numbers.js";
import { HEAD } from "./protocol.js";
import { fill } from "./words.js";

/** @import {Report} from "./protocol.js" */

/** Messages: at once after a rest, and per second. Python sends at most 50 in 50 ms, or one each 2 ms. */
const MESSAGES = { burst: 2000, rate: 1500 };
/** Characters likewise. Python sends its tail at most 20 times a second. */
const CHARACTERS = { burst: 1_500_000, rate: 1_500_000 };
/** Lines a run may add to the head of its output. */
const LINES = 37_000;
/** Pictures of a run, and characters of them all. */
const PICTURES = { number: 40, characters: 12_000_000 };

export class Quota {
  #messages;
  #characters;
  #head = { characters: 0, lines: 0 };
  #pictures = { number: 0, characters: 0 };

  /** @param {number} now milliseconds */
  constructor(now) {
    this.#messages = new Bucket(MESSAGES, now);
    this.#characters = new Bucket(CHARACTERS, now);
  }

  /** A run begins. */
  begin() {
    this.#head = { characters: 0, lines: 0 };
    this.#pictures = { number: 0, characters: 0 };
  }

  /**
   * Called for each message before it is read.
   * @param {number} now milliseconds
   * @returns {string} which limit it met, or an empty text
   */
  message(now) {
    return this.#messages.take(1, now) ? "" : said(WORDS.python.messages, MESSAGES.rate);
  }

  /**
   * Called for each report that is to be passed on.
   * @param {Report} report
   * @param {number} now milliseconds
   * @returns {string} which limit it met, or an empty text
   */
  report(report, now) {
    if (report.type === "picture") return this.#picture(report.picture.content);
    if (report.type !== "printed") return "";
    const { added, tail } = report.printed;
    this.#head.characters += added.length;
    this.#head.lines += lines(added);
    if (this.#head.characters > HEAD) return said(WORDS.python.characters, HEAD);
    if (Math.max(this.#head.lines, lines(tail)) > LINES) return said(WORDS.python.lines, LINES);
    if (this.#characters.take(added.length + tail.length, now)) return "";
    return said(WORDS.python.rate, CHARACTERS.rate);
  }

  /** @param {string} content */
  #picture(content) {
    const { number, characters } = this.#pictures;
    this.#pictures = { number: number + 1, characters: characters + content.length };
    if (number === PICTURES.number) return said(WORDS.python.pictures, PICTURES.number);
    if (this.#pictures.characters <= PICTURES.characters) return "";
    return said(WORDS.python.picture_characters, PICTURES.characters);
  }
}

/** A token bucket. */
class Bucket {
  #burst;
  #rate;
  #tokens;
  #last;

  /**
   * @param {{burst: number, rate: number}} limits tokens at most, and per second
   * @param {number} now milliseconds
   */
  constructor({ burst, rate }, now) {
    this.#burst = this.#tokens = burst;
    this.#rate = rate;
    this.#last = now;
  }

  /**
   * @param {number} tokens
   * @param {number} now milliseconds
   * @returns {boolean} whether there were enough
   */
  take(tokens, now) {
    const earned = ((now - this.#last) * this.#rate) / 1000;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned) - tokens;
    this.#last = now;
    return this.#tokens >= 0;
  }
}

/** @param {string} text */
function lines(text) {
  let found = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) found++;
  return found;
}

/**
 * @template {string} T
 * @param {T} words
 * @param {number} limit
 */
function said(words, limit) {
  return fill(words, /** @type {any} */ ({ count: figures(limit) }));
}
