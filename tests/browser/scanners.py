"""A keyboard-wedge scanner and a handheld's input method, played inside the page.

Playwright's own keyboard makes a round trip a key, too slow for a scanner on a busy machine. A key here carries the
time at which the scanner sent it, as real keys carry the time of the hardware however busy the page is.
"""

from collections.abc import Sequence

from playwright.sync_api import Page

CODE_KEYS = 14
"""Thirteen characters and Enter."""

_STRIKE = """
const strike = (key, at) => {
  const target = document.activeElement ?? document.body;
  const told = type => {
    const event = new KeyboardEvent(type, { key, bubbles: true, cancelable: true, composed: true });
    Object.defineProperty(event, "timeStamp", { value: at });
    return target.dispatchEvent(event);
  };
  const isLeft = told("keydown");
  const isField = target.matches("input, textarea");
  if (isLeft && isField && key.length === 1) document.execCommand("insertText", false, key);
  if (isLeft && key === "Enter" && isField) target.form?.requestSubmit();
  if (isLeft && (key === "Enter" || key === " ") && target.matches("button, a")) target.click();
  told("keyup");
};
"""

_SCAN = (
    """async ([codes, gap]) => {"""
    + _STRIKE
    + """
  const keys = codes.flatMap(code => [...code, "Enter"]);
  const start = performance.now();
  for (const [index, key] of keys.entries()) {
    const due = start + index * gap;
    while (performance.now() < due) await new Promise(resolve => setTimeout(resolve));
    strike(key, due);
    await null;
  }
}"""
)

_COMMIT = """text => {
  const sink = document.querySelector("textarea[data-wedge-sink]");
  sink.focus();
  document.execCommand("insertText", false, text);
}"""


def scan(page: Page, codes: Sequence[str], *, gap_ms: float = 7) -> None:
    """Scan codes one after the other by keys into whatever has the focus; each ends with Enter."""
    page.evaluate(_SCAN, [list(codes), gap_ms])


def commit(page: Page, text: str) -> None:
    """Scan with a handheld whose input method commits the code as text, without key events."""
    page.evaluate(_COMMIT, text)
