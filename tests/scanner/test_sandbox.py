import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.image_header import ImageError
from scanner.options import DecodeOptions
from scanner.sandbox import Busy, DecodeCrashed, DecodeTimedOut, Sandbox
from tests.scanner.symbols import data_matrix, encoded

CRASHING = (sys.executable, "-m", "tests.scanner.crashing_child")
GOOD = encoded(data_matrix("NB25-0017"))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    pool = Sandbox(children=1, seconds=20.0)
    yield pool
    pool.close()


@pytest.fixture
def crashing() -> Iterator[Sandbox]:
    pool = Sandbox(children=1, seconds=20.0, command=CRASHING)
    yield pool
    pool.close()


def texts(pool: Sandbox, frame: bytes = GOOD) -> list[str]:
    return [code.text for code in pool.read([frame]).codes]


def time_out(pool: Sandbox) -> None:
    with pytest.raises(DecodeTimedOut):
        pool.read([b"HANG"])


def test_a_picture_is_read_in_a_child(sandbox: Sandbox) -> None:
    code = sandbox.read([GOOD], DecodeOptions(formats=("DataMatrix",))).codes[0]

    assert (code.text, code.raw, code.symbology) == ("NB25-0017", b"NB25-0017", "DataMatrix")
    assert len(code.corners) == 4


def test_a_bad_picture_is_refused_with_its_code(sandbox: Sandbox) -> None:
    with pytest.raises(ImageError) as refusal:
        sandbox.read([b"not a picture"])

    assert refusal.value.code == "unsupported_image"
    assert texts(sandbox) == ["NB25-0017"]


def test_a_crash_is_answered_and_the_next_pictures_are_fine(crashing: Sandbox) -> None:
    texts(crashing)

    with pytest.raises(DecodeCrashed):
        crashing.read([b"CRASH"])

    assert [texts(crashing) for _ in range(100)] == [["NB25-0017"]] * 100


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    pool = Sandbox(children=1, seconds=1.0, command=CRASHING)
    try:
        with pytest.raises(DecodeTimedOut):
            pool.read([b"HANG"])
        assert texts(pool) == ["NB25-0017"]
    finally:
        pool.close()


def test_a_child_is_replaced_after_its_share_of_pictures() -> None:
    pool = Sandbox(children=1, seconds=20.0, pictures_per_child=2)
    try:
        assert texts(pool) == ["NB25-0017"]
        first = pool._idle[0]._process.pid
        assert texts(pool) == ["NB25-0017"]
        assert pool._idle == []
        assert texts(pool) == ["NB25-0017"]
        assert pool._idle[0]._process.pid != first
    finally:
        pool.close()


def test_more_requests_than_the_backlog_are_turned_away() -> None:
    pool = Sandbox(children=1, backlog=0, seconds=3.0, command=CRASHING)
    hanging = threading.Thread(target=time_out, args=[pool])
    try:
        hanging.start()
        while pool._free:
            time.sleep(0.01)
        with pytest.raises(Busy):
            pool.read([GOOD])
        hanging.join()
        assert texts(pool) == ["NB25-0017"]
    finally:
        pool.close()


def test_the_child_sees_no_secret(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    monkeypatch.setenv("SECRET_KEY", "kept")
    texts(sandbox)

    environment = Path(f"/proc/{sandbox._idle[0]._process.pid}/environ").read_bytes()

    assert b"SECRET_KEY" not in environment


def test_the_child_stays_small(sandbox: Sandbox) -> None:
    texts(sandbox)

    status = Path(f"/proc/{sandbox._idle[0]._process.pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))

    assert peak < 512 * 1024


def test_the_child_stands_back_for_those_who_scan(sandbox: Sandbox) -> None:
    texts(sandbox)

    child = os.getpriority(os.PRIO_PROCESS, sandbox._idle[0]._process.pid)

    assert child > os.getpriority(os.PRIO_PROCESS, 0)


GEVENT = """
from gevent import monkey
monkey.patch_all()
import gevent, sys
from scanner.sandbox import Sandbox
frame = open(sys.argv[1], "rb").read()
pool = Sandbox(children=2, seconds=20.0)
turns = 0
def count():
    global turns
    while True:
        gevent.sleep(0.005)
        turns += 1
gevent.spawn(count)
jobs = [gevent.spawn(lambda: pool.read([frame]).codes[0].text) for _ in range(6)]
gevent.joinall(jobs, raise_error=True)
assert [job.value for job in jobs] == ["NB25-0017"] * 6
assert turns > 5, turns
pool.close()
"""


def test_other_greenlets_go_on_while_a_child_decodes(tmp_path: Path) -> None:
    import subprocess

    picture = tmp_path / "picture.png"
    picture.write_bytes(GOOD)

    done = subprocess.run([sys.executable, "-c", GEVENT, str(picture)], capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr


def test_a_picture_is_encoded_anew_without_what_else_the_file_held(sandbox: Sandbox) -> None:
    polyglot = encoded(data_matrix("KEPT"), ".jpg") + b"<script>alert(1)</script>"
    fresh = sandbox.encode_anew(polyglot)
    assert b"script" not in fresh
    assert [code.text for code in sandbox.read([fresh]).codes] == ["KEPT"]
