"""The process that decodes pictures of strangers, run as ``python -m scanner.child``.

It owns nothing: no network or database handle, no secret in its environment, few files, bounded memory and
time. A crash of an image or barcode library ends this process and not the one that serves people.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import resource
import sys
from collections.abc import Callable
from typing import BinaryIO

import cv2

from scanner import limits, wire
from scanner.decode import ImageError, decode_files
from scanner.options import DecodeOptions
from scanner.picture import load_colour, load_grey
from scanner.result import DecodeResult

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
"""CLONE_NEWUSER and CLONE_NEWNET of Linux's unshare(2)."""

Decode = Callable[[list[bytes], DecodeOptions], DecodeResult]


def serve(source: BinaryIO, sink: BinaryIO, decode: Decode = decode_files) -> None:
    """Answer requests until the parent closes the pipe."""
    sink.write(wire.pack({"ready": True}))
    sink.flush()
    while head := source.read(wire.HEAD.size):
        message = json.loads(source.read(wire.HEAD.unpack(head)[0]))
        frames = [source.read(size) for size in message["sizes"]]
        _allow_processor_time(limits.CHILD_CPU_SECONDS)
        sink.write(wire.pack(_answer(message, frames, decode)))
        sink.flush()


def restrict() -> None:
    """Give up what decoding does not need."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.CHILD_MEMORY, limits.CHILD_MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.CHILD_FILES, limits.CHILD_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(limits.CHILD_NICE)
    # One thread each: two children on two cores, and no stacks of idle threads in the address space.
    cv2.setNumThreads(1)


def leave_the_network() -> None:
    """Move into a network of one's own, which has no way out; not every kernel lets a user without rights."""
    libc = ctypes.CDLL(None)
    if libc.unshare(_NEW_NETWORK) != 0:
        libc.unshare(_NEW_USER | _NEW_NETWORK)


def _answer(message: wire.Message, frames: list[bytes], decode: Decode) -> wire.Message:
    try:
        if message.get("encode"):
            most_side = message["most_side"]
            image = load_colour(frames[0], most_side) if most_side else load_grey(frames[0])
            jpeg = cv2.imencode(".jpg", image)[1].tobytes()
            return {"jpeg": base64.b64encode(jpeg).decode()}
        return wire.answer(decode(frames, wire.options_of(message)))
    except ImageError as error:
        return {"error": error.code, "message": error.message}
    except (MemoryError, cv2.error):
        return {"error": "broken_image", "message": "The picture cannot be decoded. Take it again."}


def _allow_processor_time(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + 1 + seconds
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, most))


if __name__ == "__main__":
    leave_the_network()
    restrict()
    serve(sys.stdin.buffer, sys.stdout.buffer)
