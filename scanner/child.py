"""The process that looks at pictures from outside: limited in memory, time and files, and without a network.

A picture is the most hostile input there is: decoders have had heap overflows, and a file of 100 KB can unpack
to gigabytes. Whatever happens here ends this process and nothing else. Speaks frames over its standard input
and output: four bytes of length, a JSON header, then the pictures; answers four bytes of length and JSON.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import resource
import struct
import sys
from typing import Any, BinaryIO

MEMORY_BYTES = 1024 * 1024 * 1024
"""Address space; the resident part stays below 512 MiB for pictures within the pixel limit."""
CPU_SECONDS = 5
"""Processor time of one request."""
OPEN_FILES = 16
_NEW_NETWORK = 0x40000000
_NEW_USER = 0x10000000


def main() -> None:
    """Answer requests until standard input ends."""
    # Nothing but answers may reach the pipe: libpng and libjpeg print to the standard streams.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.environ["OPENCV_LOG_LEVEL"] = "SILENT"
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import scanner.decode  # noqa: F401 - only now, so that the limit on memory holds for the libraries

    _leave_the_network()
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    answers.write(bytes(4))  # Ready.
    answers.flush()
    requests = sys.stdin.buffer
    while head := requests.read(4):
        header = json.loads(_exactly(requests, struct.unpack(">I", head)[0]))
        frames = [_exactly(requests, size) for size in header["sizes"]]
        _allow_processor_time()
        answer = json.dumps(_answer(header, frames)).encode()
        answers.write(struct.pack(">I", len(answer)) + answer)
        answers.flush()


def _answer(header: dict[str, Any], frames: list[bytes]) -> dict[str, Any]:
    import cv2

    from scanner.decode import decode, decode_burst
    from scanner.options import DecodeOptions
    from scanner.picture import ImageError, load_grey

    try:
        pictures = [load_grey(frame) for frame in frames]
        options = DecodeOptions(**header["options"])
        result = decode(pictures[0], options) if len(pictures) == 1 else decode_burst(pictures, options)
        kept = cv2.imencode(".jpg", pictures[0])[1].tobytes() if header["keep"] else None
    except ImageError as error:
        return {"error": {"code": error.code, "message": error.message}}
    except MemoryError:
        return {"error": {"code": "image_too_large", "message": "The picture needs too much memory."}}
    return {
        "codes": [code.as_dict() for code in result.codes],
        "reason": result.reason and {"code": str(result.reason), "message": result.reason.message},
        "kept": kept and base64.b64encode(kept).decode(),
    }


def _allow_processor_time() -> None:
    """Let this request have its seconds, counted from what the process has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _leave_the_network() -> None:
    """Move into a network namespace of one's own, which has no interface; where the kernel allows it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK) != 0:
        libc.unshare(_NEW_USER | _NEW_NETWORK)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise SystemExit(0)
    return data


if __name__ == "__main__":
    main()
