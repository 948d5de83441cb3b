import socket

import pytest

from backend.serving.errors import CannotServe
from backend.serving.ports import bind


@pytest.fixture
def taken():
    with bind(None, 0, "--port") as listener:
        yield listener.getsockname()[1]


def test_every_address_means_both_families():
    with bind(None, 0, "--port") as listener:
        port = listener.getsockname()[1]
        for host in ("127.0.0.1", "::1"):
            socket.create_connection((host, port), timeout=5).close()


def test_one_address_means_that_one_only():
    with bind("127.0.0.1", 0, "--port") as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("host", [None, "127.0.0.1"])
def test_a_taken_port_is_refused_with_one_that_is_free(taken, host):
    with pytest.raises(CannotServe, match=f"Port {taken} is in use") as refused:
        bind(host, taken, "--http-port")

    offered = refused.value.next_step.split("add --http-port ")[1].split(" ")[0]
    bind(host, int(offered), "--http-port").close()


def test_an_address_of_somebody_else_is_refused():
    with pytest.raises(CannotServe, match=r"Cannot listen on 198\.51\.100\.7"):
        bind("198.51.100.7", 0, "--port")


def test_a_name_that_does_not_exist_is_refused():
    with pytest.raises(CannotServe, match=r"Cannot listen on nowhere\.invalid"):
        bind("nowhere.invalid", 0, "--port")
