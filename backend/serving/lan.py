"""Serving the phones on this computer's network: under which names, and with which certificate."""

import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from backend.serving.addresses import host_name, in_url, is_in_container, is_local, lan_addresses
from backend.serving.certificates import ensure_authority, ensure_server_certificate
from backend.serving.errors import CannotServe
from backend.serving.terminal import LocalNetwork

_THIS_COMPUTER = ("localhost", "127.0.0.1", "::1")


class Lan:
    """The certificate of this computer on its network, kept in step with its addresses.

    Args:
        directory: Where the authority and the certificate lie.
        further_names: Names and addresses that phones use besides this computer's own, such as the address of
            the computer around a container; the first is offered before all others.
        clock: Tells the time in UTC.

    Raises:
        CannotServe: A further name is not local, or the files in ``directory`` cannot be used.
    """

    def __init__(self, directory: Path, further_names: Sequence[str], clock: Callable[[], datetime]) -> None:
        for name in further_names:
            if not is_local(name):
                raise CannotServe(
                    f"'{name}' is no address of a local network and no name that ends in .local.",
                    "A public name needs a front with a public certificate: see docs/deployment.md.",
                )
        self._directory = directory
        self._further_names = tuple(further_names)
        self._clock = clock
        self.authority = ensure_authority(directory, clock())
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self.names: tuple[str, ...] = ()
        self.refresh()

    def refresh(self) -> bool:
        """Take over addresses that changed, and renew the certificate where it needs to be.

        Connections that are open stay as they are. Returns whether the names changed.
        """
        names = (*self._further_names, *self._addresses(), host_name(), *_THIS_COMPUTER)
        certificate = ensure_server_certificate(self._directory, self.authority, names, self._clock())
        self.tls.load_cert_chain(certificate.chain, certificate.key)
        changed, self.names = names != self.names, names
        return changed

    def described(self, connect_port: int, https_port: int) -> LocalNetwork:
        """What to tell the person at the terminal."""
        reachable = (*self._further_names, *self._addresses())
        if not reachable:
            return LocalNetwork(problem=_why_unreachable(), fingerprint=self.authority.fingerprint)
        host = in_url(reachable[0])
        return LocalNetwork(
            connect_url=f"http://{host}:{connect_port}/connect",
            app_url=f"https://{host}:{https_port}/",
            fingerprint=self.authority.fingerprint,
            is_container=is_in_container() and not self._further_names,
        )

    def _addresses(self) -> tuple[str, ...]:
        return tuple(str(address) for address in lan_addresses() if is_local(str(address)))


def _why_unreachable() -> str:
    public = ", ".join(str(address) for address in lan_addresses())
    if public:
        return (
            f"This computer has public addresses only ({public}), and its own certificate authority "
            "vouches for local networks alone: see docs/deployment.md for a front with a public certificate."
        )
    if is_in_container():
        return (
            "This container has no address on a network. Publish its ports and give the address of "
            "the computer around it with --address."
        )
    return "This computer is on no network that a phone could share. Connect it; no restart is needed."
