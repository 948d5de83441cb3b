"""The configuration profile by which iPhones and iPads install a certificate authority."""

import plistlib
from uuid import NAMESPACE_URL, uuid5

from cryptography.x509.oid import NameOID

from backend.serving.certificates import Authority


def apple_profile(authority: Authority) -> bytes:
    """Build the profile, unsigned XML.

    Its identifiers follow from the certificate: installing the same profile twice replaces it, and another
    installation's profile stands beside it.

    References:
        Apple, Configuration Profile Reference, payload ``com.apple.security.root``.
    """
    name = str(authority.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    identity = uuid5(NAMESPACE_URL, f"serialtrail:{authority.fingerprint}")
    identifier = f"serialtrail.authority.{identity}"
    root = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{identifier}.certificate",
        "PayloadUUID": str(uuid5(identity, "certificate")).upper(),
        "PayloadDisplayName": name,
        "PayloadCertificateFileName": "serialtrail.crt",
        "PayloadContent": authority.der,
    }
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": identifier,
            "PayloadUUID": str(identity).upper(),
            "PayloadDisplayName": name,
            "PayloadDescription": "Lets this device open Serialtrail on the local network over HTTPS. "
            "The certificate is valid for local addresses only.",
            "PayloadOrganization": "Serialtrail",
            "PayloadRemovalDisallowed": False,
            "PayloadContent": [root],
        }
    )
