from ipaddress import ip_address

import ifaddr
import pytest

from backend.serving import addresses


def adapter(name: str, *ips: str) -> ifaddr.Adapter:
    return ifaddr.Adapter(name, name, [ifaddr.IP((ip, 0, 0) if ":" in ip else ip, 24, name) for ip in ips], index=1)


@pytest.fixture
def computer(monkeypatch):
    """Gives this computer the network adapters that a test names."""

    def set_up(*adapters: ifaddr.Adapter, default: str | None = None) -> None:
        monkeypatch.setattr(ifaddr, "get_adapters", lambda: adapters)
        monkeypatch.setattr(addresses, "_default_route_address", lambda: default and ip_address(default))

    return set_up


def test_the_wifi_comes_before_a_vpn_and_container_bridges_are_left_out(computer):
    computer(
        adapter("lo", "127.0.0.1", "::1"),
        adapter("docker0", "172.17.0.1"),
        adapter("br-4f21", "172.18.0.1"),
        adapter("tun0", "10.8.0.6"),
        adapter("wlan0", "fe80::1", "fd12::20", "192.168.1.20"),
        default="192.168.1.20",
    )
    assert [str(address) for address in addresses.lan_addresses()] == ["192.168.1.20", "10.8.0.6", "fd12::20"]


def test_a_computer_on_no_network_has_no_address(computer):
    computer(adapter("lo", "127.0.0.1", "::1"))
    assert addresses.lan_addresses() == []


def test_a_network_without_a_way_out_still_counts(computer):
    computer(adapter("eth0", "192.168.50.2"), default=None)
    assert [str(address) for address in addresses.lan_addresses()] == ["192.168.50.2"]


@pytest.mark.parametrize("name", ["172.32.0.1", "fec0::1", "notlocal", "local.example", "xlocal", ""])
def test_what_only_looks_local_is_not(name):
    assert not addresses.is_local(name)
