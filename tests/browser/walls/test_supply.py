"""What a worker hands over to make restarts faster is used only where the page can prove what it is."""

from __future__ import annotations

import hashlib
import json

from playwright.sync_api import BrowserContext

from tests.browser.test_image import Alone, alone, run

__all__ = ["alone"]

OFFER = """async ([name, change]) => {
  const { Supplier } = await import('./runtime/engine/python_files.js');
  const file = new TextEncoder().encode('the inflated file').buffer;
  const supplier = new Supplier({ image: INFLATED });
  const other = change === 'other bytes' ? new TextEncoder().encode('the inflated FILE').buffer
    : change === 'another size' ? new ArrayBuffer(3) : file;
  await supplier.offer(name, other);
  return (await supplier.gather(['image'])).buffers.image.byteLength;
}"""
CONTENT = b"the inflated file"


def test_only_the_builds_own_content_is_handed_out(context: BrowserContext, alone: Alone) -> None:
    page = alone.visit(context)
    packed = alone.manifest["files"]["pack"]
    entry = {**packed, "inflated": {"bytes": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}}
    script = OFFER.replace("INFLATED", json.dumps(entry))
    assert page.evaluate(script, ["image", ""]) == len(CONTENT)
    for name, change in (("image", "other bytes"), ("image", "another size"), ("worker", "")):
        assert page.evaluate(script, [name, change]) == packed["bytes"], (name, change)


def test_the_build_tells_the_hash_of_what_the_worker_inflates(context: BrowserContext, alone: Alone) -> None:
    page = alone.visit(context)
    page.evaluate("""async () => {
      const { Supplier } = await import('./runtime/engine/python_files.js');
      globalThis.offered = [];
      const { offer } = Supplier.prototype;
      Supplier.prototype.offer = async function (name, content) {
        await offer.call(this, name, content);
        const { image } = (await this.gather(['image'])).buffers;
        globalThis.offered.push([name, image === content]);
      };
    }""")
    run(page, "1")
    while not page.evaluate("offered.length"):
        page.wait_for_timeout(50)
    assert page.evaluate("offered") == [["image", True]]
