import ssl
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from backend.serving import lan as lan_module
from backend.serving.errors import CannotServe
from backend.serving.lan import Lan


@pytest.fixture
def network(monkeypatch):
    """Gives this computer the addresses that a test names; none at first."""

    def set_up(*addresses: str) -> None:
        monkeypatch.setattr(lan_module, "lan_addresses", lambda: [ip_address(text) for text in addresses])

    monkeypatch.setattr(lan_module, "is_in_container", lambda: False)
    set_up()
    return set_up


@pytest.fixture
def open_lan(network, tmp_path):
    def open_lan(*further_names: str) -> Lan:
        return Lan(tmp_path, further_names, clock=lambda: datetime.now(UTC))

    return open_lan


def trusts(lan: Lan, name: str) -> bool:
    """Whether a phone that trusts the authority completes a handshake under a name."""
    phone = ssl.create_default_context(cadata=lan.authority.der)
    to_server, to_phone = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        phone.wrap_bio(to_phone, to_server, server_hostname=name),
        lan.tls.wrap_bio(to_server, to_phone, server_side=True),
    ]
    for _ in range(3):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
    return True


def test_phones_reach_this_computer_under_every_local_address(network, open_lan):
    network("192.168.1.20", "fd12::20")
    lan = open_lan()
    assert [trusts(lan, name) for name in ("192.168.1.20", "fd12::20", "localhost")] == [True, True, True]
    assert not trusts(lan, "192.168.1.21")


def test_the_likeliest_address_is_shown(network, open_lan):
    network("192.168.1.20", "fd12::20")
    shown = open_lan().described(8080, 8443)
    assert (shown.connect_url, shown.app_url) == ("http://192.168.1.20:8080/connect", "https://192.168.1.20:8443/")


def test_a_changed_wifi_is_served_without_a_restart(network, open_lan):
    network("192.168.1.20")
    lan = open_lan()
    assert lan.refresh() is False

    network("10.0.0.7")

    assert lan.refresh() is True
    assert trusts(lan, "10.0.0.7")
    assert not trusts(lan, "192.168.1.20")
    assert lan.described(8080, 8443).connect_url == "http://10.0.0.7:8080/connect"


def test_a_computer_without_a_network_serves_and_says_so(open_lan):
    lan = open_lan()
    assert "on no network" in lan.described(8080, 8443).problem
    assert trusts(lan, "localhost")


def test_public_addresses_are_left_to_a_real_certificate(network, open_lan):
    network("8.8.8.8")
    lan = open_lan()
    assert "8.8.8.8" not in lan.names
    assert "docs/deployment.md" in lan.described(8080, 8443).problem


def test_in_a_container_the_address_around_it_is_what_phones_need(network, open_lan, monkeypatch):
    monkeypatch.setattr(lan_module, "is_in_container", lambda: True)
    network("172.17.0.2")
    assert open_lan().described(8080, 8443).is_container
    told = open_lan("192.168.1.20").described(8080, 8443)
    assert (told.connect_url, told.is_container) == ("http://192.168.1.20:8080/connect", False)


def test_a_name_that_the_authority_may_not_vouch_for_is_refused(open_lan):
    with pytest.raises(CannotServe, match="no address of a local network"):
        open_lan("shop.example")
