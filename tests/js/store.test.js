/** The reader's things: nothing is lost by a full disk, a second tab or a file. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./words.js";
import { Store } from "../../runtime/page/storage/store.js";
import { adopted, exported, takeBack } from "../../runtime/page/storage/work_file.js";
import { Disk, use } from "./browser.js";

const CHAPTER = "/cnn/index.html";
let disk = new Disk();

beforeEach(() => {
  disk = new Disk();
  use(disk);
});

/** A tab of the chapter. */
const tab = () => new Store(CHAPTER);
/** @param {string} text */
const version = (text) => ({ of: "0123", text });
/** @param {object} entries @param {object} [rest] */
const file = (entries, rest = {}) =>
  JSON.stringify({ format: 1, chapter: `encyclopedia ${CHAPTER}`, entries, ...rest });

test("what is put is there for the next visit, and for this chapter only", () => {
  tab().put("cell a", version("mine"));
  assert.equal(tab().get("cell a").text, "mine");
  assert.equal(new Store("/other/").get("cell a"), undefined);
  tab().put("cell a", undefined);
  assert.equal(tab().get("cell a"), undefined);
});

test("a full disk is told with the keys, and no longer told when there is room", () => {
  disk.room = 200;
  const store = tab();
  /** @type {string[][]} */
  const told = [];
  store.onTrouble = (keys) => told.push(keys);
  store.put("cell a", version("x".repeat(300)));
  assert.deepEqual(told, [["cell a"]]);
  assert.match(store.trouble, /full/);
  assert.equal(store.get("cell a").text.length, 300);
  store.put("answer b", "27");
  assert.equal(tab().get("answer b"), "27", "what has room is kept");
  disk.room = 10_000;
  store.put("answer b", "28");
  assert.deepEqual(told.at(-1), []);
  assert.equal(store.trouble, "");
  assert.equal(tab().get("cell a").text.length, 300);
});

test("no number of links takes the last own version away, however long they are", () => {
  const store = tab();
  store.put("cell a", version("my hour of work"));
  store.shelve("cell a", "a link");
  for (let n = 0; n < 30; n++) {
    store.put("cell a", { ...version(`evil ${n}${"x".repeat(n % 2 ? 150_000 : 5)}`), from: "link" });
    store.shelve("cell a", "a link");
  }
  const texts = store.before("cell a").map(({ value }) => value.text);
  assert.equal(texts.at(-1), "my hour of work");
  assert.match(texts[0], /^evil 29/);
  assert.ok(texts.length <= 5);
});

test("earlier versions give way to the present one where the disk is full", () => {
  const store = tab();
  store.put("cell a", version("old".repeat(50)));
  store.shelve("cell a", "Reset");
  disk.room = [...disk.entries].reduce((sum, [key, text]) => sum + key.length + text.length, 0);
  /** @type {string[][]} */
  const told = [];
  store.onTrouble = (keys) => told.push(keys);
  store.put("cell b", version("new".repeat(30)));
  assert.deepEqual(told, [["cell a"]], "that earlier versions are lost is told");
  assert.match(store.trouble, /full/);
  assert.equal(tab().get("cell b").text, "new".repeat(30));
  assert.equal(store.before("cell a")[0].value.text, "old".repeat(50), "this visit still has them");
});

test("on a full disk, what is replaced takes the room of what it was", () => {
  const store = tab();
  store.put("cell a", version("mine".repeat(50)));
  disk.room = [...disk.entries].reduce((sum, [key, text]) => sum + key.length + text.length, 60);
  store.shelve("cell a", "Reset");
  store.put("cell a", undefined);
  assert.equal(store.trouble, "");
  assert.equal(tab().before("cell a")[0].value.text, "mine".repeat(50));
});

test("on a full disk, an earlier version that finds no room is told", () => {
  const store = tab();
  store.put("cell a", version("mine".repeat(50)));
  disk.room = [...disk.entries].reduce((sum, [key, text]) => sum + key.length + text.length, 0);
  /** @type {string[][]} */
  const told = [];
  store.onTrouble = (keys) => told.push(keys);
  store.shelve("cell a", "a link");
  store.put("cell a", version("theirs".repeat(30)));
  assert.deepEqual(told.at(-1), ["cell a"]);
  assert.equal(store.before("cell a")[0].value.text, "mine".repeat(50), "this visit still has it");
});

test("a file of thousands of entries is refused at once", () => {
  const entries = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`variant a${n}`, 1]));
  assert.match(adopted(tab(), file(entries)).words, /more entries/);
});

test("a code of a hundred thousand lines is left out", () => {
  const { words } = adopted(tab(), file({ "cell a": version("\n".repeat(90_000)) }));
  assert.match(words, /left out/);
});

test("earlier versions that gave way outlive what another tab puts beside", () => {
  const store = tab();
  store.put("cell a", version("old".repeat(50)));
  store.shelve("cell a", "Reset");
  disk.room = [...disk.entries].reduce((sum, [key, text]) => sum + key.length + text.length, 0);
  store.put("cell b", version("new".repeat(30)));
  disk.room = Number.POSITIVE_INFINITY;
  tab().shelve("cell a", "Reset", version("written in another tab"));
  store.shelve("cell a", "a link", version("the last"));
  const texts = ["the last", "written in another tab", "old".repeat(50)];
  assert.deepEqual(
    store.before("cell a").map(({ value }) => value.text),
    texts,
  );
  assert.deepEqual(
    tab()
      .before("cell a")
      .map(({ value }) => value.text),
    texts,
  );
});

test("a denied storage is told in other words than a full one", () => {
  disk.denied = true;
  const store = tab();
  store.put("cell a", version("mine"));
  assert.match(store.trouble, /lets the page store nothing/);
  assert.equal(store.get("cell a").text, "mine");
});

test("writing over what another tab wrote puts that beside and tells the owner", () => {
  const [here, there] = [tab(), tab()];
  here.put("cell a", version("first"));
  /** @type {string[]} */
  const heard = [];
  there.watch("cell a", (news) => heard.push(news));
  there.put("cell a", version("typed over it unseen"));
  assert.deepEqual(heard, ["clash"]);
  assert.equal(there.get("cell a").text, "typed over it unseen");
  assert.equal(there.before("cell a")[0].value.text, "first");
});

test("earlier versions are few, each once, the last first, and bounded in characters", () => {
  const store = tab();
  for (const text of ["a", "b", "c", "b", "d", "e", "f", "g"]) store.shelve("cell a", "Reset", version(text));
  assert.deepEqual(
    store.before("cell a").map(({ value }) => value.text),
    ["g", "f", "e", "d", "b"],
  );
  for (let i = 0; i < 5; i++) store.shelve("cell a", "Reset", version(String(i).repeat(90_000)));
  assert.ok(JSON.stringify(store.before("cell a")).length < 300_000);
  assert.equal(store.before("cell a")[0].value.text[0], "4");
});

test("rubbish in the storage is no entry", () => {
  disk.entries.set(`encyclopedia ${CHAPTER} cell a`, "{broken");
  disk.entries.set(`encyclopedia ${CHAPTER} before cell a`, '{"not": "a list"}');
  const store = tab();
  assert.equal(store.get("cell a"), undefined);
  assert.deepEqual(store.before("cell a"), []);
});

test("a file brings everything back, marked as foreign", () => {
  const store = tab();
  store.put("cell a", version("print(1)"));
  store.put("answer b", "27");
  store.put("instrument inst-x", { size: 5, layers: [[1, 2]] });
  const text = exported(store, "Ada \ud800");
  const { name, saved } = JSON.parse(text);
  assert.equal(name, "Ada \ufffd");
  assert.equal(new Date(saved).toISOString(), saved);
  store.clear();
  assert.deepEqual(store.keys, []);
  assert.equal(adopted(store, text).undo, true);
  assert.deepEqual(store.get("cell a"), { ...version("print(1)"), from: "file", read: false });
  assert.equal(store.get("answer b"), "27");
  assert.deepEqual(store.get("instrument inst-x"), { size: 5, layers: [[1, 2]] });
});

test("what a file replaces can be had back, each and all, and the rest stays", () => {
  const store = tab();
  store.put("cell a", version("mine"));
  store.put("answer b", "27");
  store.put("answer c", "only here");
  adopted(store, file({ "cell a": version("theirs"), "answer b": "28", "answer d": "new" }));
  assert.equal(store.get("answer c"), "only here");
  assert.equal(store.before("cell a")[0].value.text, "mine");
  takeBack(tab());
  const later = tab();
  assert.equal(later.get("cell a").text, "mine");
  assert.equal(later.get("answer b"), "27");
  assert.equal(later.get("answer d"), undefined);
});

const HOSTILE = {
  "another kind": { "evil a": 1, "before cell a": [{ by: "x", value: version("x") }], constructor: 1 },
  "a bad name": { "cell a b": version("x"), 'cell "]': version("x"), "cell ": version("x") },
  "wrong types": { "cell a": 5, "cell b": { of: 1, text: "x" }, "answer c": [], "variant d": -1, "solved e": "yes" },
  "far too long": { "cell a": version("x".repeat(10_000_000)), "answer b": "x".repeat(3000) },
  "a large state": { "instrument inst-x": { ink: Array(30_000).fill(1) } },
};
for (const [name, entries] of Object.entries(HOSTILE))
  test(`a file with ${name} changes nothing`, () => {
    const store = tab();
    store.put("cell a", version("mine"));
    const { words } = adopted(store, file(entries));
    assert.match(words, /left out/);
    assert.deepEqual(store.keys, ["cell a"]);
    assert.equal(store.get("cell a").text, "mine");
    assert.deepEqual(store.before("cell a"), []);
  });

test("a state nested fifty thousand deep in a file is left out", () => {
  const store = tab();
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  const { words } = adopted(store, file({ "instrument inst-x": "DEEP" }).replace('"DEEP"', `{"layers": ${deep}}`));
  assert.match(words, /1 that this page cannot read/);
  assert.equal(store.get("instrument inst-x"), undefined);
});

test("a prototype in a file is nobody's, and lone surrogates become readable", () => {
  const store = tab();
  const text = file({ "cell a": version("x\ud800y"), "instrument inst-x": { size: 1 } });
  adopted(store, text.replace('"size":1', '"size":1,"__proto__":{"polluted":1}'));
  assert.equal(store.get("cell a").text, "x\ufffdy");
  assert.deepEqual(store.get("instrument inst-x"), { size: 1 });
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});

const WRONG = {
  "no JSON": ["hello", /not a file exported/],
  "no entries": ["[1]", /not a file exported/],
  "a list of entries": [file([]), /not a file exported/],
  "a format in words": [file({}, { format: "1" }), /not a file exported/],
  "a newer format": [file({}, { format: 2 }), /newer version/],
  "another chapter": [file({}, { chapter: "encyclopedia /x" }), /another chapter/],
};
for (const [name, [text, words]] of Object.entries(WRONG))
  test(`a file with ${name} is refused`, () => {
    const result = adopted(tab(), /** @type {string} */ (text));
    assert.match(result.words, /** @type {RegExp} */ (words));
    assert.equal(result.undo, false);
  });

test("two files in a row are taken back one after the other", () => {
  const store = tab();
  store.put("answer a", "27");
  adopted(store, file({ "answer a": "1" }));
  adopted(store, file({ "answer a": "3" }));
  takeBack(tab());
  assert.equal(tab().get("answer a"), "1");
  takeBack(tab());
  assert.equal(tab().get("answer a"), "27");
  assert.equal(tab().get("before file"), undefined);
});

test("a file that grows when it is stored is refused, and what a file replaced never gives way", () => {
  const store = tab();
  store.put("answer a", "27");
  const junk = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`instrument junk-${i}`, { a: "BIG" }]));
  const text = file(junk).replaceAll('"BIG"', `[${Array(880).fill("1e20").join(",")}]`);
  assert.ok(text.length < 5_000_000);
  assert.match(adopted(store, text).words, /too large/);
  adopted(store, file({ "answer a": "1" }));
  disk.room = 400;
  store.put("cell b", version("x".repeat(2000)));
  takeBack(tab());
  assert.equal(tab().get("answer a"), "27");
});

test("file after file, however large, what was the reader's own comes back", () => {
  const store = tab();
  store.put("answer mine", "my own");
  for (const letter of "abc") {
    const stuffed = Object.fromEntries(
      Array.from({ length: 480 }, (_, n) => [`answer stuffed-${n}`, letter.repeat(1900) + n]),
    );
    assert.match(adopted(store, file({ "answer mine": letter, ...stuffed })).words, /^481 entries/);
  }
  assert.equal(store.get("answer mine"), "c");
  let steps = 0;
  while (store.get("before file") && steps++ < 20) takeBack(store);
  assert.equal(store.get("answer mine"), "my own");
  assert.equal(store.get("answer stuffed-7"), undefined);
});

test("fifty small files can be gone back from, too", () => {
  const store = tab();
  store.put("answer mine", "my own");
  for (let n = 0; n < 50; n++) adopted(store, file({ "answer mine": `file ${n}` }));
  let steps = 0;
  while (store.get("before file") && steps++ < 60) takeBack(store);
  assert.ok(steps >= 1 && steps <= 10);
  assert.equal(store.get("answer mine"), "my own");
});

test("a link's state that nobody touched is not kept as the reader's, until they go on from it", () => {
  const store = tab();
  const key = "instrument explorer";
  store.shelve(key, "a link", { stride: 3 }, true);
  assert.equal(store.before(key)[0]?.link, true);
  store.adopt(key);
  assert.deepEqual(store.before(key), [{ by: "a link", value: { stride: 3 } }]);
  store.shelve(key, "a link", { stride: 2 }, true);
  store.unshelve(key);
  assert.deepEqual(tab().before(key), [{ by: "a link", value: { stride: 3 } }], "older ones stay");
  store.unshelve(key);
  assert.deepEqual(tab().before(key), []);
});
