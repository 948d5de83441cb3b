"""Settings from the environment: what cannot work is said in one sentence."""

from pathlib import Path

import pytest

from backend.config import Config, ConfigError


@pytest.mark.parametrize("name", ["WEB_CONCURRENCY", "SERIALTRAIL_TRUSTED_PROXIES", "SERIALTRAIL_BACKDATE_DAYS"])
@pytest.mark.parametrize("given", ["two", "-1", "1.5", "²"])
def test_what_is_no_number_is_named(tmp_path: Path, name: str, given: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} is '{given}'"):
        Config.from_environment({"SERIALTRAIL_DATA": str(tmp_path), name: given})


def test_empty_settings_are_as_if_not_set(tmp_path: Path) -> None:
    empty = {"WEB_CONCURRENCY": "", "SERIALTRAIL_TRUSTED_PROXIES": "", "SERIALTRAIL_ORIGINS": ""}
    config = Config.from_environment(empty | {"SERIALTRAIL_DATA": str(tmp_path)})
    assert (config.trusted_proxies, config.origins) == (0, ())


def test_origins_are_separated_by_commas_and_spaces(tmp_path: Path) -> None:
    given = {"SERIALTRAIL_DATA": str(tmp_path), "SERIALTRAIL_ORIGINS": "https://a.example, https://b.example,"}
    assert Config.from_environment(given).origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("server", "sender", "named"),
    [
        ("mail.example.com", "stock@example.com", "SERIALTRAIL_SMTP_URL"),
        ("smtp://mail.example.com:x", "stock@example.com", "SERIALTRAIL_SMTP_URL"),
        ("smtps://mail.example.com", "Stock\nBcc: a@example.com", "SERIALTRAIL_MAIL_FROM"),
    ],
)
def test_mail_needs_a_server_and_one_sender(tmp_path: Path, server: str, sender: str, named: str) -> None:
    given = {"SERIALTRAIL_DATA": str(tmp_path), "SERIALTRAIL_SMTP_URL": server, "SERIALTRAIL_MAIL_FROM": sender}
    with pytest.raises(ConfigError, match=named):
        Config.from_environment(given)
