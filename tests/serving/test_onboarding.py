import plistlib
import re
from datetime import UTC, datetime

import pytest
from cryptography import x509

from backend.serving.certificates import ensure_authority
from backend.serving.onboarding import create_onboarding_app

NAMES = ("192.168.1.20", "10.8.0.6", "fd12::20", "shop.local", "localhost")


@pytest.fixture
def authority(tmp_path):
    return ensure_authority(tmp_path, datetime(2026, 11, 23, tzinfo=UTC))


@pytest.fixture
def phone(authority):
    return create_onboarding_app(authority, lambda: NAMES, 8443).test_client()


def app_url(page: str) -> str:
    return re.search(r'data-app-url="([^"]+)"', page)[1]


def test_the_short_address_leads_to_the_page(phone):
    answer = phone.get("/")
    assert (answer.status_code, answer.location) == (302, "/connect")


@pytest.mark.parametrize(
    ("came_by", "goes_on"),
    [
        ("192.168.1.20:8080", "https://192.168.1.20:8443/"),
        ("10.8.0.6:8080", "https://10.8.0.6:8443/"),
        ("[fd12::20]:8080", "https://[fd12::20]:8443/"),
        ("shop.local:8080", "https://shop.local:8443/"),
        pytest.param("evil.example", "https://192.168.1.20:8443/", id="a host that is not ours"),
    ],
)
def test_the_phone_goes_on_under_the_name_by_which_it_came(phone, came_by, goes_on):
    page = phone.get("/connect", headers={"Host": came_by}).text
    assert app_url(page) == goes_on
    assert "evil" not in page


def test_the_page_shows_the_fingerprint_and_a_way_for_every_platform(phone, authority):
    page = phone.get("/connect").text
    assert authority.fingerprint in page
    platforms = set(re.findall(r'<details data-platform="(\w+)"', page))
    assert platforms == {"android", "ios", "windows", "macos", "linux", "firefox"}


def test_every_link_of_the_page_answers(phone):
    links = set(re.findall(r'(?:href|src)="(/[^"]+)"', phone.get("/connect").text))
    assert len(links) == 4
    for link in links:
        with phone.get(link) as answer:
            assert answer.status_code == 200


def test_the_certificate_is_offered_as_phones_take_it(phone, authority):
    answer = phone.get("/connect/serialtrail.crt")
    assert answer.content_type == "application/x-x509-ca-cert"
    assert answer.headers["Content-Disposition"] == "attachment; filename=serialtrail.crt"
    assert x509.load_der_x509_certificate(answer.data) == authority.certificate


def test_iphones_get_a_profile_with_the_certificate(phone, authority):
    answer = phone.get("/connect/serialtrail.mobileconfig")
    assert answer.content_type == "application/x-apple-aspen-config"
    profile = plistlib.loads(answer.data)
    [payload] = profile["PayloadContent"]
    assert payload["PayloadType"] == "com.apple.security.root"
    assert x509.load_der_x509_certificate(payload["PayloadContent"]) == authority.certificate
    assert profile == plistlib.loads(phone.get("/connect/serialtrail.mobileconfig").data)


def test_the_page_can_load_nothing_from_elsewhere(phone):
    policy = phone.get("/connect").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert "unsafe" not in policy


def test_no_private_key_can_be_had(phone):
    for path in (
        "/connect/authority.key",
        "/connect/static/../../certificates/authority.key",
        "/authority.key",
    ):
        assert phone.get(path).status_code == 404
