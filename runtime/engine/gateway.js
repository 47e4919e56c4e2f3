/**
 * The gateway: a worker of the page's own, between it and an untrusted worker. It alone receives what that one sends,
 * so the page never reads, nor waits for, a message whose size or shape a stranger chose. Passes on what fits the schema
 * and belongs to the run in flight; for anything else it says why the untrusted worker must be ended.
 */

import { asReport, UNTRUSTED } from "./protocol.js";
import { Quota } from "./rate_limit.js";
import { fill } from "./words.js";

/** @import {Order} from "./protocol.js" */

const quota = new Quota(performance.now());
/** @type {MessagePort} */
let port;
let run = 0;

addEventListener("message", (/** @type {MessageEvent<MessagePort | Order>} */ { data }) => {
  if (data instanceof MessagePort) return guard(data);
  if (data.type === "job") {
    run = data.id;
    quota.begin();
  }
  port.postMessage(data);
});

/** @param {MessagePort} own of the untrusted worker */
function guard(own) {
  port = own;
  port.onmessageerror = () => end(WORDS.python.malformed);
  port.onmessage = (event) => {
    const limit = quota.message(performance.now());
    if (limit) return end(limit);
    const report = event.ports.length ? null : asReport(event.data, UNTRUSTED);
    if (!report) return end(WORDS.python.malformed);
    if ("id" in report && report.id !== run) return;
    const excess = quota.report(report, performance.now());
    if (excess) return end(excess);
    if (report.type === "settled") run = 0;
    postMessage(report);
  };
}

/** @param {string} reason */
function end(reason) {
  port.close();
  postMessage({ type: "broken", words: fill(WORDS.python.ended, { reason }) });
}
