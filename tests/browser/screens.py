"""The screens as their users see them: what is where, and what one does there."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser import scanners
from tests.browser.people import Person

BATCH = "B-2026-01"


class ReceiveScreen:
    """Goods in: the counter, the large answer to the last scan, the list."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = page.get_by_test_id("count").locator("strong")
        self.rows = page.get_by_test_id("scans").get_by_role("listitem")
        self.said = page.locator(".said")
        self.dialog = page.get_by_role("dialog")

    @classmethod
    def of(cls, page: Page, receipt_id: str) -> "ReceiveScreen":
        """Open it by its address and wait until it can be used."""
        page.goto(f"/receive/{receipt_id}")
        screen = cls(page)
        expect(screen.count).to_be_visible()
        return screen

    @property
    def receipt_id(self) -> str:
        return self.page.url.rsplit("/", 1)[1]

    def scan(self, *codes: str) -> None:
        scanners.scan(self.page, codes)

    def type(self, text: str) -> None:
        """Type a code as a person does, and press Add."""
        self.page.get_by_label("Serial number or code").fill(text)
        self.page.get_by_role("button", name="Add").click()

    def keep_batch(self, batch_no: str = BATCH) -> None:
        """Set the batch for the scans to come."""
        self.page.get_by_role("button", name="Set batch").click()
        self.answer_batch(batch_no)

    def answer_batch(self, batch_no: str, expires_on: str | None = None) -> None:
        """Answer the question for batch and expiry."""
        self.dialog.get_by_label("Batch").fill(batch_no)
        if expires_on:
            self.dialog.get_by_label("Expiry date").fill(expires_on)
        self.dialog.get_by_role("button", name="Keep for the next scans").click()

    def row(self, serial_no: str) -> Locator:
        return self.rows.filter(has=self.page.get_by_text(serial_no, exact=True))

    def rows_that_are(self, state: str) -> Locator:
        return self.page.locator(f"[data-testid=scans] > [data-state={state}]")

    def states(self) -> list[str]:
        """What became of each scan, newest first."""
        return [row.get_attribute("data-state") or "" for row in self.rows.all()]

    def finish(self) -> None:
        self.page.get_by_role("button", name="Finish").click()
        self.dialog.get_by_role("button", name="Post the receipt").click()
        expect(self.page.get_by_text("Receipt posted")).to_be_visible()


def choose_file(page: Page, label: str, file: Path) -> None:
    """As a person does it, also a file that was chosen before and corrected since."""
    with page.expect_file_chooser() as asked:
        page.get_by_label(label).click()
    asked.value.set_files(file)


def log_in(page: Page, username: str) -> None:
    """Fill in the log-in form, wherever it shows."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(f"demo-{username}")
    page.get_by_role("button", name="Log in").click()


def service_worker_is_ready(page: Page) -> None:
    """Wait until the page can be opened without a network."""
    # Not wait_for_function: its polling needs eval, which the page's policy refuses.
    page.evaluate(
        """async () => {
          const { serviceWorker } = navigator;
          await serviceWorker.ready;
          if (serviceWorker.controller) return;
          await new Promise(done => serviceWorker.addEventListener("controllerchange", done, { once: true }));
        }"""
    )


def open_screen(page: Page, path: str) -> None:
    """Open a screen by its address and wait until it has read what it shows."""
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main").locator("[aria-busy=true], .busy")).to_have_count(0)


def paths_of_things(sue: Person) -> list[str]:
    """Pages of a unit and of what belongs to it."""
    unit = sue.get("/api/units", site=sue.site, q="NB24-0001")["matches"][0]
    whole = sue.get(f"/api/units/{unit['id']}")
    return [
        f"/unit/{unit['id']}",
        f"/items/{unit['item']['id']}",
        f"/batches/{whole['batch']['id']}",
        f"/places/{unit['location']['id']}",
        f"/vouchers/{whole['received']['voucher_id']}",
    ]
