"""A decoding process that crashes, hangs or spins when a picture says so."""

import os
import signal
import sys
import time

from scanner.child import restrict, serve
from scanner.decode import decode_files
from scanner.options import DecodeOptions
from scanner.result import DecodeResult


def decode(frames: list[bytes], options: DecodeOptions) -> DecodeResult:
    if b"CRASH" in frames[0]:
        os.kill(os.getpid(), signal.SIGSEGV)
    if b"HANG" in frames[0]:
        time.sleep(60)
    return decode_files(frames, options)


if __name__ == "__main__":
    restrict()
    serve(sys.stdin.buffer, sys.stdout.buffer, decode)
