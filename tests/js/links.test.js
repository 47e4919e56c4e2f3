/** Addresses as they come through mail and chat, and as somebody makes them who means harm. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import "./words.js";
import { codeIn, unpack } from "../../runtime/page/cells/code_link.js";
import { sound } from "../../runtime/page/instruments/controls.js";
import { addressOf, stateIn } from "../../runtime/page/instruments/state_link.js";
import { questionIn } from "../../runtime/page/link_query.js";

const CODE = "print('theirs: é 😀')\n";
/** @param {string | Uint8Array} code */
const packed = (code) => deflateRawSync(code).toString("base64url");

/** @param {string} fragment */
async function opened(fragment) {
  const question = questionIn(fragment);
  const found = question && codeIn(question.query);
  return found === null ? null : { anchor: question?.anchor, ...(await unpack(found)) };
}

const TAILS = [
  "",
  "&utm_source=x",
  ".",
  ")",
  ",",
  ">",
  "%29",
  "%3E",
  "…",
  "”",
  "*",
  "_",
  "__",
  "%20and%20more",
  "&amp;x=1",
];
for (const tail of TAILS)
  test(`code in a link with “${tail}” behind it opens`, async () => {
    assert.deepEqual(await opened(`#cell-a?code=${packed(CODE)}${tail}`), { anchor: "cell-a", code: CODE });
  });

const SPELLINGS = {
  "a question mark in percent signs": (/** @type {string} */ code) => `#cell-a%3Fcode=${code}`,
  "an equals sign in percent signs": (/** @type {string} */ code) => `#cell-a?code%3D${code}`,
  "both in percent signs": (/** @type {string} */ code) => `#cell-a%3Fcode%3D${code}%26utm=1`,
  "small letters": (/** @type {string} */ code) => `#cell-a%3fcode%3d${code}`,
  "the dash in percent signs": (/** @type {string} */ code) => `#cell%2Da?code=${code}`,
  "another field before": (/** @type {string} */ code) => `#cell-a?utm_source=x&code=${code}`,
  "an HTML entity": (/** @type {string} */ code) => `#cell-a?utm=1&amp;code=${code}`,
};
for (const [name, spelled] of Object.entries(SPELLINGS))
  test(`a link with ${name} opens`, async () => {
    assert.deepEqual(await opened(spelled(packed(CODE))), { anchor: "cell-a", code: CODE });
  });

for (const broken of ["", "AAAA", packed(CODE).slice(0, -4), packed(new Uint8Array([255, 254]))])
  test(`“${broken}” is a damaged link`, async () => {
    assert.match((await opened(`#cell-a?code=${broken}`))?.trouble ?? "", /damaged/);
  });

test("a link of a megabyte that unpacks to a gigabyte takes little memory", async () => {
  const bomb = packed(Buffer.alloc(300_000_000, 35));
  const before = process.memoryUsage().rss;
  const [linked] = [await unpack(bomb.slice(0, 400_000))];
  assert.match(linked.trouble, /100,000/);
  assert.ok(process.memoryUsage().rss - before < 200_000_000);
  assert.match((await unpack("A".repeat(1_300_000))).trouble, /100,000/);
});

test("as much code as a link may bring is opened, in letters of three bytes, too", async () => {
  const noise = Array.from({ length: 100_000 }, (_, i) =>
    i % 1000 ? String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000)) : "\n",
  ).join("");
  assert.deepEqual(await unpack(packed(noise)), { code: noise });
});

for (const [what, code] of [
  ["a line nobody reads to its end", `x = "${"\u05d0a1,".repeat(24_000)}"`],
  ["thousands of characters that cannot be seen", `x = "${"\u200b".repeat(4000)}"\n`],
])
  test(`code with ${what} is refused with a sentence`, async () => {
    assert.match((await unpack(packed(code))).trouble, /is not shown/);
  });

test("a state goes into an address and back", () => {
  const state = { kernel: "blur (1)", size: "5", layers: [["conv", 3], []] };
  const question = questionIn(addressOf("inst-x", state));
  assert.equal(question?.anchor, "inst-x");
  assert.deepEqual(stateIn(question?.query ?? ""), state);
});

for (const tail of [".", ")", ",", ">", "%29", "&utm_source=x", "%3E."])
  test(`a state with “${tail}” behind it is read`, () => {
    const question = questionIn(`#inst-x%3Fkernel%3Dblur%26size%3D5${tail}`) ?? { query: "" };
    const { kernel, size } = stateIn(question.query) ?? {};
    assert.deepEqual([kernel, size], ["blur", "5"]);
  });

test("plain links to a place ask for nothing", () => {
  for (const fragment of ["", "#", "#sizes", "#cell-a", "#100%", "#inst-x?"]) assert.equal(questionIn(fragment), null);
});

test("a state that is too long, too deep or too wide is refused", () => {
  assert.equal(stateIn(`a=${"x".repeat(20_000)}`), null);
  const nested = (/** @type {number} */ deep) => JSON.parse("[".repeat(deep) + "]".repeat(deep));
  assert.equal(sound({ layers: nested(4) }), true);
  assert.equal(sound({ layers: nested(9000) }), false);
  assert.equal(sound({ layers: nested(50_000) }), false);
  assert.equal(sound({ name: "x".repeat(2001) }), false);
  assert.equal(sound({ ink: Array(2001).fill(0) }), false);
  assert.equal(sound({ size: 1.5, on: true, none: null, name: "blur", ink: Array(784).fill(1) }), true);
});
