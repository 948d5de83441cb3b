"""A camera that sees what a test holds before it: a label at a time, for as long as the test wants.

A film of labels goes on whether the app has read them or not; here the next label comes when the last one was taken.
"""

import numpy as np
import zxingcpp
from playwright.sync_api import Page

SCRIPT = """
const canvas = document.createElement("canvas");
canvas.width = 640;
canvas.height = 360;
const paper = canvas.getContext("2d");
let label = [];
let isNew = false;
const paint = () => {
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.fillStyle = "#000";
  const size = Math.floor(300 / (label.length || 1));
  label.forEach((row, y) => {
    [...row].forEach((module, x) => {
      if (module === "#") paper.fillRect(170 + x * size, 30 + y * size, size, size);
    });
  });
  if (isNew) window.shownAt = performance.now();
  isNew = false;
};
window.showLabel = rows => {
  label = rows;
  isNew = true;
};
navigator.mediaDevices.getUserMedia = async () => {
  setInterval(paint, 33);
  return canvas.captureStream(30);
};
"""
"""To be run in every page before its own scripts. ``shownAt`` is when the camera first saw the label that it sees."""


def symbol(text: str) -> list[str]:
    """A QR code, row by row, its dark modules as ``#``."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    picture = np.array(zxingcpp.write_barcode_to_image(barcode, scale=1))
    return ["".join("#" if dark else " " for dark in row < 128) for row in picture]


def show(page: Page, text: str) -> None:
    """Hold a QR code before the camera."""
    page.evaluate("rows => showLabel(rows)", symbol(text))
