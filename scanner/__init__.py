"""From pixels to meaning; usable without the backend."""

import os

from scanner import limits

# OpenCV reads its limit when it is imported and never again.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(limits.MAX_PIXELS))
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
