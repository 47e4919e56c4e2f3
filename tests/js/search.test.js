// Places are found by what a reader types, as a reader types.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./words.js";

import { indexOf, marked } from "../../runtime/page/reading/search_index.js";

/** @import {Entry} from "../../runtime/page/reading/search_index.js" */

/** @type {Entry[]} */
const BOOK = [
  ["a.html#pooling", "§ 2.2", "Pooling", "The largest value of a window is kept. Average-pooling keeps its mean."],
  ["a.html#eq-field", "EQ N2.3", "Receptive field", "The field grows by the jump of the layers before."],
  ["a.html#conv", "§ 2.1", "The convolution operation", "A kernel slides; numpy.linalg.norm measures its activations."],
  ["a.html#cite-ciresan", "[2]", "Deep neural networks", "Cire\u0219an and Dvo\u0159\u00e1k 2012, about the field"],
];
const find = indexOf(BOOK);
const found = (/** @type {string} */ words) => find(words).map(({ entry: [, name] }) => name);

/** words: what comes first @type {Record<string, string>} */
const FIRST = {
  pooling: "§ 2.2",
  "pooled windows": "§ 2.2",
  convolutions: "§ 2.1",
  activation: "§ 2.1",
  sliding: "§ 2.1",
  poling: "§ 2.2",
  kernal: "§ 2.1",
  convoltuion: "§ 2.1",
  recep: "EQ N2.3",
  "n2.3": "EQ N2.3",
  "eq n2.3": "EQ N2.3",
  "linalg.norm": "§ 2.1",
  norm: "§ 2.1",
  dvorak: "[2]",
  "CIRE\u015eAN": "[2]",
  field: "EQ N2.3",
};
for (const [words, name] of Object.entries(FIRST))
  test(`"${words}" finds ${name} first`, () => assert.equal(found(words)[0], name));

test("every word must be there, and a number is not guessed", () => {
  assert.deepEqual(found("pooling kernel"), []);
  assert.deepEqual(found("n2.7"), []);
  assert.deepEqual(found("zzz"), []);
});

test("the words that led to a place are marked in it, in whatever form", () => {
  const [hit] = find("poolings windw");
  assert.ok(hit);
  const words = (/** @type {string} */ text) => marked(text, hit.terms).filter((_, at) => at % 2);
  assert.deepEqual(words(hit.entry[3]), ["window", "pooling"]);
  assert.equal(marked(hit.entry[3], hit.terms).join(""), hit.entry[3]);
});
