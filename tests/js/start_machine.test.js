// How Python starts, as a machine of states: every event in every state, and what never happens whatever the order.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./words.js";
import { initial, next } from "../../runtime/engine/start_machine.js";

const NUMPY = {
  imports: [],
  image: ["image", "linalg"],
  start: "image",
  rest: "rest",
  plain: ["wasm", "stdlib", "numpy", "pack"],
};
const BEGIN = { type: "begin", obstacle: "", environment: NUMPY, rest: false };
const PLAIN = { ...BEGIN, environment: { ...NUMPY, image: null } };
const EVENTS = [
  BEGIN,
  PLAIN,
  { ...BEGIN, rest: true },
  { ...BEGIN, obstacle: "no workers" },
  { type: "fetched" },
  { type: "missed", file: "image", words: "image missed" },
  { type: "missed", file: "wasm", words: "wasm missed" },
  { type: "missed", file: "", words: "something missed" },
  { type: "stage", words: "Loading numpy" },
  { type: "ready" },
  { type: "broken", words: "crashed" },
  { type: "idle" },
  { type: "end" },
];

/** The state after events, and all effects. */
function after(events, trusted = false) {
  let state = initial(trusted);
  const effects = [];
  for (const event of events) {
    const [then, done] = next(state, event);
    state = then;
    effects.push(...done);
  }
  return { state, effects, kinds: effects.map(({ type }) => type) };
}

const WOKEN = [BEGIN, { type: "fetched" }, { type: "stage", words: "Loading numpy" }, { type: "ready" }];

test("a start from the snapshot", () => {
  const { state, effects, kinds } = after(WOKEN);
  assert.deepEqual(kinds, ["fetch", "post", "wait", "wait", "open"]);
  assert.deepEqual(effects[0].names, ["worker", "loader", "maker", "gateway", "image", "linalg"]);
  assert.equal(state.phase, "ready");
});

test("a trusted start needs no gateway and never the rest", () => {
  const { effects, kinds } = after([{ ...BEGIN, rest: true }, ...WOKEN.slice(1), { type: "idle" }], true);
  assert.deepEqual(effects[0].names, ["worker", "loader", "maker", "image", "linalg"]);
  assert.ok(!kinds.includes("place"));
});

test("the rest is placed once, when nobody waits", () => {
  const { kinds } = after([...WOKEN, { type: "idle" }, { type: "idle" }]);
  assert.equal(kinds.filter((kind) => kind === "place").length, 1);
});

test("a rest that is here goes along with the start and is placed all the same", () => {
  const { effects, kinds } = after([{ ...BEGIN, rest: true }, ...WOKEN.slice(1), { type: "idle" }]);
  assert.equal(effects[0].names.at(-1), "rest");
  assert.equal(kinds.at(-1), "place");
});

for (const trouble of [EVENTS[5], EVENTS[10]])
  test(`without its snapshot it starts plainly: ${trouble.words}`, () => {
    const { state, effects, kinds } = after([BEGIN, trouble, PLAIN, { type: "fetched" }]);
    assert.deepEqual(kinds, ["fetch", "plainly", "fetch", "post", "wait"]);
    assert.equal(effects[1].words, trouble.words);
    assert.deepEqual(effects[2].names.slice(-4), ["wasm", "stdlib", "numpy", "pack"]);
    assert.equal(state.plain, true);
  });

test("a plain start that breaks fails", () => {
  const { state, kinds } = after([PLAIN, { type: "broken", words: "crashed" }]);
  assert.deepEqual(kinds, ["fetch", "fail"]);
  assert.equal(state.phase, "ended");
});

test("what every start needs is missed for good", () => {
  for (const event of [EVENTS[6], EVENTS[7]]) assert.deepEqual(after([BEGIN, event]).kinds, ["fetch", "fail"]);
});

test("an obstacle is told before anything is fetched", () => {
  assert.deepEqual(after([{ ...BEGIN, obstacle: "no workers" }]).effects, [{ type: "fail", words: "no workers" }]);
});

test("one that was ready dies, and does not start again", () => {
  assert.equal(after([...WOKEN, { type: "broken", words: "out of memory" }]).kinds.at(-1), "die");
});

/** Every sequence of so many events. */
function* sequences(length) {
  if (!length) yield [];
  else for (const rest of sequences(length - 1)) for (const event of EVENTS) yield [...rest, event];
}

test("whatever comes in whatever order", () => {
  for (const events of sequences(4)) {
    const { kinds, state } = after(events);
    const told = kinds.filter((kind) => kind === "fail" || kind === "die");
    assert.ok(told.length <= 1, "it ends once");
    if (told.length) assert.equal(kinds.at(-1), told[0], "nothing is done after the end");
    if (kinds.includes("open")) assert.ok(kinds.lastIndexOf("post") < kinds.lastIndexOf("open"));
    if (kinds.includes("die")) assert.ok(kinds.includes("open"), "only what was ready dies");
    if (events.some(({ type }) => type === "end") && !told.length) assert.equal(state.phase, "ended");
  }
});
