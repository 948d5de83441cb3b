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
};
window.showLabel = rows => void (label = rows);
navigator.mediaDevices.getUserMedia = async () => {
  setInterval(paint, 50);
  return canvas.captureStream(20);
};
"""
"""To be run in every page before its own scripts."""


def show(page: Page, text: str) -> None:
    """Hold a QR code before the camera."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    symbol = np.array(zxingcpp.write_barcode_to_image(barcode, scale=1))
    page.evaluate("rows => showLabel(rows)", ["".join("#" if dark else " " for dark in row < 128) for row in symbol])
