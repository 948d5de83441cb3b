"""What the embedded server says on the terminal when it serves."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click
import segno

# Bright white on black, so that the code has light ground and dark modules on a light terminal too.
_QR_COLOURS = "\033[97;40m"
_COLOURS_OFF = "\033[0m"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo data who can log in."""

    username: str
    password: str
    role: str


@dataclass(frozen=True, slots=True)
class LocalNetwork:
    """How phones come in.

    Args:
        fingerprint: Of the certificate authority.
        connect_url: The onboarding page.
        app_url: Serialtrail itself over HTTPS, once the phone trusts the certificate.
        is_container: The address is one of a container, not of the computer around it.
        problem: Why no phone can come in, and what to do; there are no addresses then.
    """

    fingerprint: str
    connect_url: str = ""
    app_url: str = ""
    is_container: bool = False
    problem: str | None = None


def show_welcome(
    *,
    url: str,
    network: LocalNetwork | None,
    people: Sequence[Person],
    data_dir: Path,
    out: TextIO,
) -> None:
    """Say where Serialtrail is, who can log in, where the data lies and how to stop."""

    def say(line: str = "") -> None:
        click.echo(line, file=out)

    say()
    say("Serialtrail is running.")
    say()
    say(f"  This computer   {url}")
    if network is not None:
        show_network(network, out)
    if people:
        say()
        say("  Demo users      user name      password           role")
        for person in people:
            say(f"                  {person.username:<14} {person.password:<18} {person.role}")
        say()
        say(f"  First steps     {url}first-steps")
        say("                  with a sheet of labels to print, and to scan at once")
    say()
    say(f"  Data            {data_dir}")
    say("  Stop            Ctrl-C")
    say()
    out.flush()


def qr_lines(text: str) -> list[str]:
    """A QR code as lines of half blocks: one character is two modules, light ones drawn.

    Border included, so that a camera finds the code on a full screen.
    """
    drawn = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out=drawn, compact=True, border=3)
    return drawn.getvalue().splitlines()


def show_network(network: LocalNetwork, out: TextIO) -> None:
    """Say how phones come in, with a QR code of the address to open first."""

    def say(line: str) -> None:
        click.echo(line, file=out)

    if network.problem is not None:
        say(f"  Phones          {network.problem}")
        return
    say(f"  Phones          {network.connect_url}")
    say(f"                  then {network.app_url}")
    say(f"  Certificate     SHA-256 {network.fingerprint}")
    if network.is_container:
        say("  Note            This runs in a container: phones reach it only when its ports are published.")
        say("                  Give the address of the computer around it with --address.")
    if _can_draw(out):
        say("\n  Scan with the phone's camera, on the same Wi-Fi:\n")
        for line in qr_lines(network.connect_url):
            say(f"  {_QR_COLOURS}{line}{_COLOURS_OFF}" if out.isatty() else f"  {line}")


def _can_draw(out: TextIO) -> bool:
    try:
        "█▀▄".encode(out.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True
