/** A stored or fetched file is used if it is the build's, and read no further than that takes. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { whole } from "../../runtime/engine/python_files.js";

const TEXT = new TextEncoder().encode("what the build made");
const FILE = { url: "a-1.js", bytes: TEXT.length, sha256: createHash("sha256").update(TEXT).digest("hex") };

/** @param {Uint8Array<ArrayBuffer>[]} parts */
const body = (...parts) => new Response(new Blob(parts)).body;

test("the build's bytes come whole, however they are cut", async () => {
  const heard = [];
  const made = new ReadableStream({
    start(stream) {
      for (const part of [TEXT.slice(0, 4), TEXT.slice(4, 5), TEXT.slice(5)]) stream.enqueue(part);
      stream.close();
    },
  });
  const bytes = await whole(made, FILE, (received) => heard.push(received));
  assert.deepEqual(new Uint8Array(bytes), TEXT);
  assert.deepEqual(heard, [4, 5, TEXT.length]);
});

test("other bytes of the same length, shorter and longer ones are none", async () => {
  const other = TEXT.map((byte) => byte ^ 1);
  for (const parts of [[other], [TEXT.slice(1)], [TEXT, TEXT], []])
    assert.equal(await whole(body(...parts), FILE), null);
});

test("what is longer is left where it gets too long", async () => {
  let asked = 0;
  let left = false;
  const endless = new ReadableStream(
    {
      pull(stream) {
        asked += 1;
        stream.enqueue(new Uint8Array(16));
      },
      cancel() {
        left = true;
      },
    },
    { highWaterMark: 0 },
  );
  assert.equal(await whole(endless, FILE), null);
  assert.ok(left);
  assert.ok(asked <= 2, `${asked} parts were asked for`);
});
