/** What the build puts in place of WORDS and LANGUAGE, for modules that run without it: the English words. */

import { readFileSync } from "node:fs";

/** @type {Record<string, Record<string, unknown>>} */
const words = {};
let table = /** @type {Record<string, unknown>} */ ({});
for (const line of readFileSync(new URL("../../languages/en.toml", import.meta.url), "utf8").split("\n")) {
  const [, name] = /^\[(\w+)\]$/.exec(line) ?? [];
  const [, key = "", value = ""] = /^(\w+) = (.+)$/.exec(line) ?? [];
  if (name) {
    table = {};
    words[name] = table;
  } else if (key) table[key] = JSON.parse(value.replace(/(\w+) = "/g, '"$1": "'));
}
Object.assign(globalThis, { WORDS: words, LANGUAGE: "en" });
