"""Under which addresses this computer can be reached by the phones around it."""

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

import ifaddr

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LOCAL_NETWORKS: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        # Private use (RFC 1918, RFC 4193), loopback, link-local, and what carriers and VPNs share (RFC 6598).
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
        *("127.0.0.0/8", "::1/128", "169.254.0.0/16", "fe80::/10", "100.64.0.0/10"),
        # Set aside for documentation (RFC 5737) and never routed on the internet, but used in laboratories.
        *("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"),
    )
)
"""Networks that are nobody's on the internet: the only addresses our certificate authority may vouch for."""

LOCAL_DOMAINS = ("localhost", "local")
"""Names that no public name server answers: this computer itself, and multicast DNS (RFC 6761, RFC 6762)."""

# Bridges and cables to containers and virtual machines: no phone is on the other side.
_VIRTUAL_INTERFACE = re.compile(r"(docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxd|cni|flannel|podman)")


def is_local(name: str) -> bool:
    """Whether our certificate authority may vouch for a host name or an address.

    >>> is_local("192.168.1.20"), is_local("shop.local"), is_local("8.8.8.8"), is_local("example.com")
    (True, True, False, False)
    """
    try:
        address = ip_address(name)
    except ValueError:
        return any(name == domain or name.endswith("." + domain) for domain in LOCAL_DOMAINS)
    return any(address in network for network in LOCAL_NETWORKS if network.version == address.version)


def lan_addresses() -> list[Address]:
    """The addresses of this computer that others on its network can use, the likeliest first.

    IPv4 comes before IPv6, and the address that the default route uses before all others. Loopback,
    link-local and container interfaces are left out. Empty when the computer is on no network.
    """
    adapters = [adapter for adapter in ifaddr.get_adapters() if not _VIRTUAL_INTERFACE.match(adapter.name)]
    found = {ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0]) for adapter in adapters for ip in adapter.ips}
    usable = [address for address in found if not (address.is_loopback or address.is_link_local)]
    return in_order_of_use(usable, default=_default_route_address())


def in_order_of_use(addresses: Iterable[Address], default: Address | None) -> list[Address]:
    """Sort addresses so that the first is the one to offer to a phone.

    >>> found = [ip_address(text) for text in ("fd00::2", "10.8.0.1", "192.168.1.20")]
    >>> [str(address) for address in in_order_of_use(found, default=ip_address("192.168.1.20"))]
    ['192.168.1.20', '10.8.0.1', 'fd00::2']
    """
    return sorted(addresses, key=lambda address: (address != default, address.version, int(address)))


def host_name() -> str:
    """The name of this computer in multicast DNS, such as ``shop.local``, in lower case."""
    return socket.gethostname().split(".")[0].lower() + ".local"


def in_url(name: str) -> str:
    """A host name or address as it stands in a URL.

    >>> in_url("fd00::2"), in_url("192.168.1.20")
    ('[fd00::2]', '192.168.1.20')
    """
    return f"[{name}]" if ":" in name else name


def is_in_container() -> bool:
    """Whether this process sees the network of a container, which a phone cannot reach by itself."""
    return any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv"))


def _default_route_address() -> Address | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a UDP socket sends nothing; it only asks the kernel which address it would use.
            probe.connect(("198.18.0.1", 9))
        except OSError:
            return None
        return ip_address(probe.getsockname()[0])
