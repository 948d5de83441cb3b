"""``python -m bench.camera``: from the first frame that shows a label to the stored scan and its beep.

In Chromium, by the app as it is: a camera that the measurement holds shows one label after the other, and the moment of
the beep is when the app starts its first tone. The app beeps only when the scan is on the disk.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import BrowserContext, sync_playwright

from bench import servers
from bench.clients import Client
from bench.receiving import new_serial_no
from tests.browser import lens
from tests.browser.devices import PHONE, start_chromium
from tests.browser.screens import ReceiveScreen

SCANS, WARM_UP = 100, 5

_LISTEN = """
window.beeps = 0;
const { start } = OscillatorNode.prototype;
OscillatorNode.prototype.start = function (...given) {
  window.beeps += 1;
  window.beeped?.(performance.now());
  return start.apply(this, given);
};
"""

_MEASURE = """rows => new Promise(resolve => {
  const end = at => resolve(at - window.shownAt);
  window.beeped = end;
  window.showLabel(rows);
})"""
"""``shownAt`` is set by the lens when it paints the label for the first time."""


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SCANS
    with TemporaryDirectory(prefix="serialtrail-bench-") as folder:
        database = servers.prepared(None, Path(folder))
        with servers.serialtrail(database) as server, sync_playwright() as playwright:
            client = Client(server.port, "ana")
            receipt = client.open_receipt(database.order_id)
            browser = start_chromium(playwright)
            phone = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", locale="en-GB", **PHONE)
            name, value = client.cookie.split("=", 1)
            phone.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{server.port}"}])
            latencies = sorted(measure(phone, receipt, count + WARM_UP)[WARM_UP:])
            browser.close()
    p50, p95 = (latencies[int(share * len(latencies))] for share in (0.5, 0.95))
    print(f"{len(latencies)} labels, frame to beep: p50 {p50:.0f} ms (target 100), p95 {p95:.0f} ms (target 300)")


def measure(phone: BrowserContext, receipt: str, count: int) -> list[float]:
    """Show so many labels, each after the last one's beep; the milliseconds of each."""
    phone.add_init_script(lens.SCRIPT)
    phone.add_init_script(_LISTEN)
    screen = ReceiveScreen.of(phone.new_page(), receipt)
    screen.keep_batch()
    screen.page.get_by_role("button", name="Scan", exact=True).tap()
    latencies: list[float] = []
    for _ in range(count):
        rows = lens.symbol(new_serial_no())
        latencies.append(float(screen.page.evaluate(_MEASURE, rows)))
        # A hand takes the label away before it brings the next one.
        screen.page.evaluate("() => void (window.beeped = null, window.showLabel([]))")
        time.sleep(0.3)
    return latencies


if __name__ == "__main__":
    main()
