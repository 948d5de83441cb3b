import io
from pathlib import Path

import numpy as np
import zxingcpp

from backend.serving.terminal import LocalNetwork, Person, qr_lines, show_welcome

ANA = Person("ana", "demo-ana", "picker")
NETWORK = LocalNetwork(
    fingerprint="3F:09",
    connect_url="http://192.168.1.20:8080/connect",
    app_url="https://192.168.1.20:8443/",
)


def welcome(network: LocalNetwork | None = NETWORK, people: tuple[Person, ...] = (ANA,), out=None) -> str:
    out = out or io.StringIO()
    show_welcome(
        url="http://localhost:8000/",
        network=network,
        people=people,
        data_dir=Path("/srv/serialtrail"),
        out=out,
    )
    return out.getvalue()


def picture(lines: list[str]) -> np.ndarray:
    """What a camera sees of half blocks on a dark terminal: a character is two modules, one on the other."""
    lit = {" ": (0, 0), "▀": (255, 0), "▄": (0, 255), "█": (255, 255)}
    columns = np.array([[lit[character] for character in line] for line in lines], dtype=np.uint8)
    modules = columns.transpose(0, 2, 1).reshape(-1, columns.shape[1])
    return np.kron(modules, np.ones((8, 8), dtype=np.uint8))


def test_the_code_in_the_terminal_can_be_read():
    [code] = zxingcpp.read_barcodes(picture(qr_lines(NETWORK.connect_url)))
    assert code.text == NETWORK.connect_url


def test_the_code_fits_a_small_terminal():
    lines = qr_lines("http://192.168.100.200:18080/connect")
    assert len(lines) <= 20
    assert max(map(len, lines)) <= 60


def test_it_says_where_who_which_data_and_how_to_stop():
    said = welcome()
    for part in (
        "http://localhost:8000/",
        *(NETWORK.connect_url, NETWORK.app_url, "SHA-256 3F:09"),
        *("ana", "demo-ana", "picker"),
        "http://localhost:8000/first-steps",
        *("/srv/serialtrail", "Ctrl-C"),
    ):
        assert part in said


def test_users_are_shown_only_where_there_is_demo_data():
    assert "Demo users" not in welcome(people=())
    assert "first-steps" not in welcome(people=())


def test_without_a_network_it_says_so_and_shows_no_code():
    said = welcome(LocalNetwork(fingerprint="3F:09", problem="This computer is on no network."))
    assert "This computer is on no network." in said
    assert "█" not in said


def test_in_a_container_it_says_what_a_phone_needs():
    network = LocalNetwork(
        fingerprint="3F:09", connect_url=NETWORK.connect_url, app_url=NETWORK.app_url, is_container=True
    )
    assert "--address" in welcome(network)


def test_a_terminal_without_blocks_gets_the_address_alone():
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    show_welcome(url="http://localhost:8000/", network=NETWORK, people=(), data_dir=Path("/d"), out=terminal)
    said = terminal.buffer.getvalue().decode("latin-1")
    assert NETWORK.connect_url in said
