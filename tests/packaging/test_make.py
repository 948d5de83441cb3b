"""The Makefile and its scripts: what they list, what they ask for, and that a failed step is never lost."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import ROOT

NO_SUCH_PACKAGE = "no-such-package-of-debian"


@pytest.fixture
def programs() -> Iterator[Path]:
    """A folder of programs to be the whole PATH: the few that the scripts stand on, and what a test adds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # One of the programs runs as another user.
        folder.chmod(0o755)
        for program in ("bash", "sh", "env", "dirname", "mktemp", "rm", "tee", "tail", "cat", "nice"):
            (folder / program).symlink_to(shutil.which(program))
        yield folder


def put(folder: Path, name: str, script: str) -> None:
    """Make a program of a shell script."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def run(
    script: Path | str, *arguments: str, path: Path | None = None, user: str | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(script), *arguments],
        env={"PATH": str(path)} if path else None,
        user=user,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_make_alone_lists_every_task_with_one_line():
    listed = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)
    tasks = re.findall(r"^\.PHONY: ([a-z-]+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    shown = dict(re.findall(r"^  (\S+) +(\S.*)$", listed.stdout, re.MULTILINE))
    assert list(shown) == tasks
    assert {"run", "test", "setup", "build", "lint", "typecheck", "unit", "browser", "bench"} <= set(shown)


def test_packages_that_are_there_need_no_root_and_no_words():
    done = run("scripts/debian-packages", "dpkg", "bash")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_root_and_sudo_it_says_exactly_what_to_run(programs):
    for name in ("dpkg-query", "apt-get"):
        (programs / name).symlink_to(shutil.which(name))
    script = programs / "debian-packages"
    shutil.copy(ROOT / "scripts/debian-packages", script)

    done = run(
        script, "bash", NO_SUCH_PACKAGE, path=programs, user="nobody" if os.geteuid() == 0 else None, cwd=Path("/")
    )

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"Needed and not installed: {NO_SUCH_PACKAGE}. You are not root and there is no sudo.",
        f"Install by hand, then try again:  sudo apt-get install {NO_SUCH_PACKAGE}",
    ]


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (None, "Node 20 with npm is needed to build the screens and was not found."),
        ("echo v18.19.0", "Node 20 or newer is needed to build the screens; this is v18.19.0."),
        ("echo v20.20.2", ""),
    ],
)
def test_a_missing_or_old_node_is_one_sentence(programs, node, said):
    if node:
        put(programs, "node", node)
        put(programs, "npm", "true")
    done = run("scripts/need-node", path=programs)
    assert done.returncode == (1 if said else 0)
    assert done.stderr.startswith(said)
    assert bool(done.stderr) == bool(said)


def test_a_missing_python_is_one_sentence(programs, tmp_path):
    put(programs, "python3", "exit 1")
    done = run("scripts/make-venv", str(tmp_path / "venv"), path=programs)
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or newer is needed and was not found.")


@pytest.fixture
def checkout(tmp_path: Path, programs: Path) -> Path:
    """A checkout whose every tool succeeds at once, so that a test can let one of them fail."""
    root = tmp_path / "checkout"
    (root / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts/test", root / "scripts/test")
    put(root / "scripts", "debian-packages", "true")
    for tool in ("ruff", "mypy", "lint-imports"):
        put(root / ".venv/bin", tool, "true")
    put(root / ".venv/bin", "pytest", "echo '=== 12 passed in 3.45s ==='")
    for tool in ("make", "npm"):
        put(programs, tool, "true")
    return root


def test_all_steps_pass(checkout, programs):
    done = run(checkout / "scripts/test", path=programs)
    assert done.returncode == 0, done.stderr
    assert "11 steps passed, 0 failed" in done.stdout
    assert done.stdout.splitlines()[-1] == "=== 12 passed in 3.45s ==="


@pytest.mark.parametrize(
    ("folder", "tool", "failing"),
    [
        ("scripts", "debian-packages", 1),
        (".venv/bin", "ruff", 2),
        (".venv/bin", "mypy", 1),
        (".venv/bin", "lint-imports", 1),
        (None, "npm", 3),
        (None, "make", 2),
    ],
)
def test_after_a_failure_the_rest_still_runs_and_the_end_is_a_failure(checkout, programs, folder, tool, failing):
    put(checkout / folder if folder else programs, tool, "echo broken; exit 1")
    done = run(checkout / "scripts/test", path=programs)
    assert done.returncode == 1
    assert f"{11 - failing} steps passed, {failing} failed" in done.stdout
    assert len(re.findall(r"^  \S+ +FAILED", done.stdout, re.MULTILINE)) == failing
    assert done.stdout.splitlines()[-1] == "=== 12 passed in 3.45s ==="


def test_failed_tests_are_a_failure_and_stand_last(checkout, programs):
    put(checkout / ".venv/bin", "pytest", "echo '=== 1 failed, 11 passed in 3.45s ==='; exit 1")
    done = run(checkout / "scripts/test", path=programs)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "=== 1 failed, 11 passed in 3.45s ==="
