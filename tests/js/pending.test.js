import assert from "node:assert/strict";
import { test } from "node:test";
import "./words.js";
import { Pending } from "../../runtime/page/instruments/pending.js";

test("settings are gathered, the newest value of a field wins, and acts come after them", () => {
  const pending = new Pending();
  pending.set({ size: 3 });
  pending.set({ size: 5, stride: 2 });
  pending.act("layer:add");
  pending.act("layer:later");
  assert.deepEqual(pending.take(), { set: { size: 5, stride: 2 }, acts: ["layer:add", "layer:later"] });
  assert.equal(pending.any, false);
});

test("what is set after an act is not undone by it", () => {
  const pending = new Pending();
  pending.act("fresh");
  pending.set({ pictures: ["a"] });
  pending.set({ pictures: [...pending.waiting("pictures"), "b"] });
  assert.deepEqual(pending.take(), { set: {}, acts: ["fresh"] });
  assert.equal(pending.any, true);
  assert.deepEqual(pending.take(), { set: { pictures: ["a", "b"] }, acts: [] });
});

test("a request that came to nothing is asked again first, whatever came since", () => {
  const pending = new Pending();
  pending.act("fresh");
  const lost = pending.take();
  pending.set({ pictures: ["a"] });
  pending.giveBack(lost);
  assert.equal(pending.has("pictures"), true);
  assert.deepEqual([pending.take(), pending.take()], [lost, { set: { pictures: ["a"] }, acts: [] }]);
});

test("pictures that were given back are not doubled by those that come after", () => {
  const pending = new Pending();
  pending.set({ pictures: ["a"] });
  pending.giveBack(pending.take());
  pending.act("teach");
  assert.equal(pending.waiting("pictures"), undefined);
  pending.set({ pictures: ["b"] });
  assert.deepEqual(pending.take(), { set: { pictures: ["a"] }, acts: ["teach"] });
  assert.deepEqual(pending.take(), { set: { pictures: ["b"] }, acts: [] });
});

test("of places only the newest is told, after the rest, or before the act that follows it", () => {
  const pending = new Pending();
  pending.point("point:map:0,0");
  pending.point("point:map:0,1");
  pending.set({ size: 3 });
  assert.deepEqual(pending.take(), { set: { size: 3 }, acts: ["point:map:0,1"] });
  pending.point("point:map:0,2");
  pending.act("press:map:0,2");
  assert.deepEqual(pending.take(), { set: {}, acts: ["point:map:0,2", "press:map:0,2"] });
  pending.point("point:map:0,3");
  assert.equal(pending.any, true);
  assert.deepEqual(pending.take(), { set: {}, acts: ["point:map:0,3"] });
});
