"""Our own small certificate authority, by which phones on the local network get HTTPS and their camera.

Browsers give the camera and the service worker only to a secure context, and a warning clicked away is none.
So each installation makes its own authority once, a phone installs its certificate once, and each start
renews the server's certificate when the computer's addresses changed. The authority cannot vouch for anything
on the internet: its name constraints (RFC 5280, section 4.2.1.10) hold it to local networks.
"""

import os
import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from backend.serving.addresses import LOCAL_DOMAINS, LOCAL_NETWORKS
from backend.serving.errors import CannotServe

AUTHORITY_LIFETIME = timedelta(days=3650)

# Apple refuses server certificates that are valid for more than 398 days.
LEAF_LIFETIME = timedelta(days=397)
LEAF_RENEWED_BEFORE_END = timedelta(days=30)

# A clock of a phone that is a little behind must not see a certificate from the future.
CLOCK_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Authority:
    """The certificate authority of this installation."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate in upper case pairs, as phones show it: ``3F:09:...``."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def der(self) -> bytes:
        """The certificate as phones download it."""
        return self.certificate.public_bytes(serialization.Encoding.DER)


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """Where the server's certificate (with its authority's) and its key lie."""

    chain: Path
    key: Path


def ensure_authority(directory: Path, now: datetime) -> Authority:
    """Read the authority of this installation; make it when there is none or it is about to end.

    Args:
        directory: Made with mode 0700. Holds ``authority.crt`` and ``authority.key`` (0600).
        now: UTC.

    Raises:
        CannotServe: The files are there but are no authority. They are not replaced, since every phone
            would have to install the new one: a person decides.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    certificate_path, key_path = directory / "authority.crt", directory / "authority.key"
    # A key alone was left by a start that was stopped in between; no phone can have its certificate yet.
    if certificate_path.exists():
        authority = Authority(*_read_pair(certificate_path, key_path))
        if authority.certificate.not_valid_after_utc - now > LEAF_LIFETIME:
            return authority
    authority = _new_authority(now)
    _write(key_path, _private(authority.key))
    _write(certificate_path, _pem(authority.certificate))
    return authority


def ensure_server_certificate(
    directory: Path, authority: Authority, names: Collection[str], now: datetime
) -> ServerCertificate:
    """Make the server's certificate, or keep the one that is there while it still fits.

    It fits when the authority signed it, it carries exactly ``names``, and 30 days of its 397 are left.

    Args:
        directory: Holds ``server.crt`` and ``server.key`` (0600).
        authority: Signs the certificate.
        names: Host names and IP addresses, all local (see ``addresses.is_local``).
        now: UTC.
    """
    files = ServerCertificate(chain=directory / "server.crt", key=directory / "server.key")
    if _fits(files, authority, names, now):
        return files
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = _new_leaf(authority, key, names, now)
    _write(files.key, _private(key))
    _write(files.chain, _pem(leaf) + _pem(authority.certificate))
    return files


def _new_authority(now: datetime) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    serial = x509.random_serial_number()
    # The serial's end tells two authorities of the same computer apart in a phone's list.
    name = _name(f"Serialtrail on {socket.gethostname()} {serial & 0xFFFF:04X}")
    constraints: list[x509.GeneralName] = [x509.IPAddress(network) for network in LOCAL_NETWORKS]
    constraints += [x509.DNSName(domain) for domain in LOCAL_DOMAINS]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(now - CLOCK_TOLERANCE)
        .not_valid_after(now + AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(constraints, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def _new_leaf(
    authority: Authority, key: ec.EllipticCurvePrivateKey, names: Collection[str], now: datetime
) -> x509.Certificate:
    issuer = authority.certificate
    issuer_key_id = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    starts = now - CLOCK_TOLERANCE
    return (
        x509.CertificateBuilder()
        .subject_name(_name("Serialtrail server"))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(starts + LEAF_LIFETIME)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in sorted(names)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_key_id), critical=False)
        .sign(authority.key, hashes.SHA256())
    )


def _fits(files: ServerCertificate, authority: Authority, names: Collection[str], now: datetime) -> bool:
    try:
        leaf, _ = _read_pair(files.chain, files.key)
        leaf.verify_directly_issued_by(authority.certificate)
        carried = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except Exception:
        # Whatever is wrong with it, a new one costs 20 ms and no phone has to do anything.
        return False
    enough_left = leaf.not_valid_after_utc - now > LEAF_RENEWED_BEFORE_END
    return enough_left and set(carried) == {_general_name(name) for name in names}


def _read_pair(certificate_path: Path, key_path: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    try:
        certificate = x509.load_pem_x509_certificate(certificate_path.read_bytes())
        key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise _unusable(certificate_path, key_path) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise _unusable(certificate_path, key_path)
    return certificate, key


def _unusable(certificate_path: Path, key_path: Path) -> CannotServe:
    return CannotServe(
        f"{certificate_path} and {key_path} are not a certificate with its key.",
        "Put both files back from a backup; or remove both, start again, "
        "and let every phone install the new certificate.",
    )


def _name(common_name: str) -> x509.Name:
    # X.509 allows 64 characters; host names may have 63 by themselves.
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Serialtrail"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        ]
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    unfinished = path.with_suffix(path.suffix + ".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
