import shutil
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from backend.serving.certificates import Authority, ensure_authority, ensure_server_certificate
from backend.serving.errors import CannotServe

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NAMES = ("192.168.1.20", "fd12::20", "shop.local", "localhost", "127.0.0.1")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return ensure_authority(tmp_path, NOW)


@pytest.fixture
def leaf(tmp_path: Path, authority: Authority) -> x509.Certificate:
    return read_leaf(ensure_server_certificate(tmp_path, authority, NAMES, NOW).chain)


def read_leaf(chain: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificates(chain.read_bytes())[0]


def subject(name: str) -> x509.verification.Subject:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def verify(leaf: x509.Certificate, authority: Authority, name: str, at: datetime = NOW) -> None:
    """Ask what a browser asks before it trusts a server."""
    store = Store([authority.certificate])
    PolicyBuilder().store(store).time(at).build_server_verifier(subject(name)).verify(leaf, [])


@pytest.mark.parametrize("name", NAMES)
def test_a_client_that_trusts_the_authority_trusts_every_name_of_this_computer(leaf, authority, name):
    verify(leaf, authority, name)


def test_another_name_is_not_trusted(leaf, authority):
    with pytest.raises(VerificationError):
        verify(leaf, authority, "192.168.1.21")


def test_another_authority_is_not_trusted(leaf, tmp_path):
    with pytest.raises(VerificationError):
        verify(leaf, ensure_authority(tmp_path / "other", NOW), "shop.local")


def test_the_leaf_keeps_within_what_apple_accepts(leaf):
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == timedelta(days=397)
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]


@pytest.mark.parametrize("name", ["bank.example", "8.8.8.8", "localhost.example", "2001:4860::8888"])
def test_the_authority_cannot_vouch_for_the_internet(tmp_path, authority, name):
    stolen_key_used = read_leaf(ensure_server_certificate(tmp_path, authority, [name], NOW).chain)

    with pytest.raises(VerificationError, match="no permitted name constraints matched"):
        verify(stolen_key_used, authority, name)


def test_openssl_agrees(tmp_path, authority):
    openssl = shutil.which("openssl")
    assert openssl, "openssl is part of every Debian with TLS"
    fine = ensure_server_certificate(tmp_path, authority, NAMES, NOW).chain
    (tmp_path / "outside").mkdir()
    outside = ensure_server_certificate(tmp_path / "outside", authority, ["8.8.8.8"], NOW).chain
    command = [openssl, "verify", "-attime", str(int(NOW.timestamp())), "-purpose", "sslserver"]
    command += ["-CAfile", str(tmp_path / "authority.crt")]

    assert subprocess.run([*command, "-verify_ip", "192.168.1.20", fine], capture_output=True).returncode == 0
    refused = subprocess.run([*command, "-verify_ip", "8.8.8.8", outside], capture_output=True, text=True)
    assert refused.returncode != 0
    assert "permitted subtree violation" in refused.stderr


def test_keys_are_for_their_owner_only(tmp_path, authority, leaf):
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*.key")} == {
        "authority.key": 0o600,
        "server.key": 0o600,
    }


def test_the_folder_is_made_for_its_owner_only(tmp_path):
    ensure_authority(tmp_path / "data" / "certificates", NOW)
    assert stat.S_IMODE((tmp_path / "data" / "certificates").stat().st_mode) == 0o700


def test_the_next_start_keeps_authority_and_certificate(tmp_path, authority, leaf):
    later = NOW + timedelta(days=300)
    again = ensure_authority(tmp_path, later)
    kept = read_leaf(ensure_server_certificate(tmp_path, again, tuple(reversed(NAMES)), later).chain)

    assert again.fingerprint == authority.fingerprint
    assert kept == leaf


@pytest.mark.parametrize(
    ("names", "at"),
    [
        pytest.param(("192.168.7.4", *NAMES[1:]), NOW, id="an address changed"),
        pytest.param(NAMES[:-1], NOW, id="an address is gone"),
        pytest.param(NAMES, NOW + timedelta(days=397 - 1 - 30), id="thirty days are left"),
        pytest.param(NAMES, NOW + timedelta(days=2000), id="it has ended"),
    ],
)
def test_the_certificate_is_renewed_under_the_same_authority(tmp_path, authority, leaf, names, at):
    renewed = read_leaf(ensure_server_certificate(tmp_path, authority, names, at).chain)

    assert renewed.serial_number != leaf.serial_number
    verify(renewed, authority, names[0], at)


def test_a_damaged_server_certificate_is_replaced(tmp_path, authority, leaf):
    (tmp_path / "server.key").write_text("")
    verify(read_leaf(ensure_server_certificate(tmp_path, authority, NAMES, NOW).chain), authority, "shop.local")


def break_certificate(folder: Path) -> None:
    (folder / "authority.crt").write_text("not a certificate")


def lose_key(folder: Path) -> None:
    (folder / "authority.key").unlink()


def swap_key(folder: Path) -> None:
    ensure_authority(folder / "other", NOW)
    (folder / "other" / "authority.key").replace(folder / "authority.key")


@pytest.mark.parametrize("damage", [break_certificate, lose_key, swap_key])
def test_a_damaged_authority_is_never_replaced_silently(
    tmp_path: Path, authority: Authority, damage: Callable[[Path], None]
) -> None:
    damage(tmp_path)

    with pytest.raises(CannotServe) as refused:
        ensure_authority(tmp_path, NOW)

    assert "authority.crt" in str(refused.value)
    assert "backup" in refused.value.next_step


def test_a_first_start_that_was_stopped_half_way_is_made_good(tmp_path, authority):
    (tmp_path / "authority.crt").unlink()
    assert ensure_authority(tmp_path, NOW).certificate.not_valid_before_utc < NOW


def test_an_authority_that_ends_before_its_next_certificate_would_is_made_anew(tmp_path, authority):
    nearly_over = authority.certificate.not_valid_after_utc - timedelta(days=397)
    assert ensure_authority(tmp_path, nearly_over).fingerprint != authority.fingerprint


def test_two_authorities_of_one_computer_are_told_apart(tmp_path, authority):
    other = ensure_authority(tmp_path / "other", NOW)
    assert other.certificate.subject != authority.certificate.subject


def test_the_fingerprint_reads_as_phones_show_it(authority):
    digest = authority.certificate.fingerprint(hashes.SHA256()).hex().upper()
    assert authority.fingerprint.split(":") == [digest[i : i + 2] for i in range(0, 64, 2)]
    assert isinstance(authority.key.curve, ec.SECP256R1)
