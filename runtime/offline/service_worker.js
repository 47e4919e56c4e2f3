/**
 * The service worker of a chapter that is kept offline; it is registered when a reader asks for it, see `panel.js`.
 *
 * The build writes the list of the chapter's files before these lines (`press/browser/offline_list.py`), so a new build is a new
 * worker, which takes over when all its files are here and no page of the old one is open. Files are stored by their
 * SHA-256 and checked when they are used. Those whose address names their content come from the store, pages from the
 * network as long as it answers.
 */

import { fetchBytes, whole } from "../engine/python_files.js";
import { storeOf } from "./cache_name.js";

/** @import {FileEntry} from "../engine/protocol.js" */

/** @typedef {FileEntry & {type: string}} Kept */
/** @typedef {Event & {waitUntil: (work: Promise<unknown>) => void}} Lasting */
/** @typedef {Event & {request: Request, respondWith: (answer: Promise<Response>) => void}} Fetched */

/** @type {{files: Kept[], clients: any}} */
const { files, clients } = /** @type {any} */ (globalThis);
const folder = new URL("./", location.href).href;
const store = storeOf(folder);
/** By path. */
const list = new Map(files.map((file) => [at(file).pathname, file]));
/** Files in folders whose files, or which themselves, carry a hash in their name. */
const NAMED_BY_CONTENT = /(^|\/)(assets|drawn|[0-9a-f]{12})\//;
/** Milliseconds a server may take to answer with a page that is here. */
const PATIENCE = 4000;
/** Files fetched at a time. */
const LANES = 4;

addEventListener("install", (event) => lasting(event).waitUntil(fill()));
// Registered again before all its pages are closed, it is the old one, which is not installed anew.
addEventListener("message", (event) =>
  lasting(event).waitUntil(
    fill().then(
      () => tell({ kept: true }),
      () => {},
    ),
  ),
);
addEventListener("activate", (event) => lasting(event).waitUntil(settle()));
addEventListener("fetch", (event) => {
  const { request, respondWith } = /** @type {Fetched} */ (event);
  const file = request.method === "GET" ? listed(new URL(request.url)) : undefined;
  if (file)
    respondWith.call(event, NAMED_BY_CONTENT.test(file.url) ? storeFirst(request, file) : networkFirst(request, file));
});

/** @param {Event} event */
function lasting(event) {
  return /** @type {Lasting} */ (event);
}

/** @param {FileEntry} file */
function at(file) {
  return new URL(`../${file.url}`, folder);
}

/** @param {URL} url */
function listed({ origin, pathname }) {
  return origin === location.origin ? list.get(pathname.replace(/\/$/, "/index.html")) : undefined;
}

/** Fetches what is not here yet, and tells the pages how far it is, or what is wrong. */
async function fill() {
  const received = new Map();
  const total = sum(files.map((file) => file.bytes));
  let told = -1;
  const count = (/** @type {Kept} */ file, /** @type {number} */ bytes) => {
    received.set(file, bytes);
    const done = sum([...received.values()]);
    if (Math.floor((100 * done) / total) === told) return;
    told = Math.floor((100 * done) / total);
    tell({ done, total });
  };
  const queue = [...files];
  const lane = async () => {
    for (let file = queue.pop(); file; file = queue.pop()) {
      await keep(file, count.bind(null, file));
      count(file, file.bytes);
    }
  };
  const stop = (/** @type {unknown} */ error) => {
    queue.length = 0;
    throw error;
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, () => lane().catch(stop)));
  const failed = lanes.find(({ status }) => status === "rejected");
  if (failed?.status !== "rejected") return;
  await tell({ failed: failed.reason.message }); // when nothing is written any more: it may be removed now
  throw failed.reason;
}

/**
 * @param {Kept} file
 * @param {(bytes: number) => void} count
 */
async function keep(file, count) {
  if (await kept(file)) return;
  const bytes = await fetchBytes({ ...file, url: at(file).href }, count);
  await (await caches.open(store)).put(key(file), new Response(bytes));
}

/** Forgets what only older builds had. */
async function settle() {
  const wanted = new Set(files.map(key));
  const kept = await caches.open(store);
  for (const { url } of await kept.keys()) if (!wanted.has(url)) await kept.delete(url);
  await clients.claim();
}

/**
 * @param {Request} request
 * @param {Kept} file
 */
async function storeFirst(request, file) {
  return (await kept(file)) ?? fetch(request);
}

/**
 * @param {Request} request
 * @param {Kept} file
 */
async function networkFirst(request, file) {
  const answer = fetch(request).catch(() => null);
  const timer = new Promise((settle) => setTimeout(settle, PATIENCE, null));
  const first = await Promise.race([answer, timer]);
  if (first && (first.ok || first.type === "opaqueredirect")) return first;
  return (await kept(file)) ?? (await answer) ?? Response.error();
}

/**
 * The stored file, if it is the one of the list: whoever publishes on this origin can write into the store, and so can
 * the code of a cell. A store that cannot be read is as good as an empty one.
 * @param {Kept} file
 */
async function kept(file) {
  try {
    const found = await caches.match(key(file), { cacheName: store });
    const bytes = found?.body && (await whole(found.body, file));
    return bytes ? new Response(bytes, { headers: { "content-type": file.type } }) : null;
  } catch {
    return null;
  }
}

/** @param {FileEntry} file */
function key({ sha256 }) {
  return folder + sha256;
}

/** @param {object} news */
async function tell(news) {
  for (const client of await clients.matchAll({ includeUncontrolled: true })) client.postMessage({ ...news, folder });
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((a, b) => a + b, 0);
}
