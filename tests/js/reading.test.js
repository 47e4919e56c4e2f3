/** What one reads is what runs: marks for what cannot be seen, and pasted code made plain without changing its meaning. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "./words.js";
import { described, visible } from "../../runtime/page/cells/invisible_characters.js";
import { cleaned } from "../../runtime/page/cells/paste.js";

const HIDDEN = {
  "\u202e": "reorder",
  "\u2066": "reorder",
  "\u061c": "reorder",
  "\u200b": "cannot be seen",
  "\u00ad": "cannot be seen",
  "\u2060": "cannot be seen",
  "\ufeff": "cannot be seen",
  "\u0000": "cannot be seen",
  "\u001b": "cannot be seen",
  "\u007f": "cannot be seen",
  "\u{e0041}": "cannot be seen",
  "\ufe0f": "cannot be seen",
  "\u{16fe4}": "cannot be seen",
  "\u{1d159}": "cannot be seen",
  "\u20dd": "cannot be seen",
  "\u{e0100}": "cannot be seen",
  "\u3164": "cannot be seen",
  "\u00a0": "unusual space",
  "\u2003": "unusual space",
  "\u3000": "unusual space",
  "\u2028": "unusual space",
};
for (const [character, words] of Object.entries(HIDDEN)) {
  const name = `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`;
  test(`${name} is marked and named`, () => {
    assert.equal(visible(`a${character}b`), `a⟨${name}⟩b`);
    assert.match(described(`a${character}b`), new RegExp(`1 .*${words}.*⟨${name.replace("+", "\\+")}⟩`));
  });
}

test("plain code, letters of the world and emoji get no mark", () => {
  const piled = "e\u0301\u0323 ở ཧཱུྃ नि\n";
  for (const text of [
    "if a:\n\tb = [1,\n\t     2]\n",
    "naïve = 'é ß 漢字 Ελλάς'\n",
    piled,
    "print('👩‍👩‍👧 ❤️ 👍🏽')\n",
  ]) {
    assert.equal(visible(text), text);
    assert.equal(described(text), "");
  }
});

test("tabs count as the columns they take, and a picture's selector counts once", () => {
  assert.match(visible(`print(1)${"\t".repeat(12)};print(2)`), /⟨12 spaces⟩/);
  assert.match(visible(`if a:\n${" \t".repeat(20)}b`), /⟨40 spaces⟩/);
  assert.equal(visible("k = '™\ufe0f\ufe0f'"), "k = '™\ufe0f⟨U+FE0F⟩'");
  assert.match(visible(`a${"\u0308".repeat(90)}`), /^a⟨U\+0308⟩/);
});

test("letters that run to the left get no mark, and a sentence", () => {
  for (const text of ["allowed = 'א', 1, 2, 'ב'\n", "س = 1\n"]) {
    assert.equal(visible(text), text);
    assert.match(described(text), /run to the left/);
  }
});

test("hundreds of thousands of lines are looked at without a crash", () => {
  assert.match(described(`a${"\n".repeat(450_000)}b`), /450,000 empty lines|449,999 empty lines/);
});

test("many spaces, long lines and empty lines are told", () => {
  const gap = `x = 1${" ".repeat(3000)}; import os\n`;
  assert.equal(visible(gap), "x = 1⟨3,000 spaces⟩; import os\n");
  assert.match(described(gap), /1 gap of many spaces.*1 very long line/);
  assert.match(described(`x = 1${"\n".repeat(500)}import os`), /499 empty lines|500 empty lines/);
  assert.match(described(`x = "${"y".repeat(400)}"; import os`), /1 very long line/);
});

test("a sentence counts kinds apart", () => {
  assert.match(described("a\u202eb\u202cc\u200bd"), /2 characters that reorder text.* 1 character that cannot be seen/);
});

/** name: [pasted, made of it] @type {Record<string, [string, string]>} */
const PASTED = {
  prompts: [
    ">>> x = 1\n>>> for i in range(2):\n...     print(i)\n...\n0\n1\n>>> x\n1\n",
    "x = 1\nfor i in range(2):\n    print(i)\n\nx\n",
  ],
  "an indented session": ["    >>> x = 1\n    >>> x\n    1\n", "x = 1\nx\n"],
  "a notebook": ["In [1]: x = 1\n   ...: y = 2\n\nIn [2]: x\nOut[2]: 1\n", "x = 1\ny = 2\n\nx\n"],
  "line numbers": ["1  def f():\n2      return 1\n3\n4  f()\n", "def f():\n    return 1\n\nf()\n"],
  "line numbers to the right": [" 9 a = 1\n10 b = 2\n", "a = 1\nb = 2\n"],
  "no-break spaces": ["if\u00a0a:\n\u00a0\u00a0\u00a0\u00a0b = 1\n", "if a:\n    b = 1\n"],
  "zero-width spaces": ["x\u200b = \ufeff1\n", "x = 1\n"],
  "curly quotes": ["print(“it’s”, ‘a’)\n", "print(\"it’s\", 'a')\n"],
  "line ends of Windows": ["a\r\nb\r", "a\nb\n"],
};
for (const [name, [pasted, made]] of Object.entries(PASTED))
  test(`pasted ${name} are cleaned`, () => assert.equal(cleaned(pasted).text, made));

const KEPT = {
  "a no-break space in a text": "print('a\u00a0b')\n",
  "an emoji joined in a text": "print('👩‍👩‍👧')\n",
  "curly quotes in a text": "print('“x”')\n# “y”\n",
  "curly quotes around straight ones": 'print(“say "x"”)\n',
  "a docstring with a session": '"""\n>>> f()\n1\n"""\ndef f():\n    return 1\n',
  "numbers that are code": "1 + 1\n2 + 2\n",
  "keys of a dict": "1: 'a',\n2: 'b',\n",
  "a table of data": "1 2 3\n4 5 6\n",
  "rows of a text": "x = '''\n1 a\n2 b\n'''\n",
  "one number": "1\n",
  "a matrix product": "a @ b\n",
  comparisons: "1 < 2\n2 < 3\n",
  "an open quote": "print(“a)\n",
};
for (const [name, text] of Object.entries(KEPT))
  test(`${name} is left as it is`, () => assert.deepEqual(cleaned(text), { text, did: [] }));
