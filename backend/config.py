"""Settings, read from the environment once; a missing secret stops the start."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from backend.domain.errors import DomainError
from backend.domain.mail import must_be_address


class ConfigError(Exception):
    """A setting is missing or wrong; the text says which and what to do."""


def utc_now() -> datetime:
    """The server's clock. Server time decides; tests set another one."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that differs between installations.

    Args:
        database_url: SQLAlchemy URL; SQLite in ``data_dir`` unless SERIALTRAIL_DATABASE_URL says otherwise.
        secret_key: Signs what leaves the server; made on the first start in ``data_dir`` for SQLite, must be
            given in SERIALTRAIL_SECRET_KEY for several machines.
        data_dir: Where the embedded database and keys lie (SERIALTRAIL_DATA, default ``./data``).
        redis_url: Message queue between web processes (SERIALTRAIL_REDIS_URL), ``None`` for one process.
        trusted_proxies: Number of proxies in front whose X-Forwarded headers count (SERIALTRAIL_TRUSTED_PROXIES).
        origins: Further origins that may use the API from a browser (SERIALTRAIL_ORIGINS, comma separated).
        async_mode: ``threading`` or ``gevent``; the server that serves decides.
        clock: Tells the time.
        session_hours: How long a log-in lasts.
        backdate_days: How many days back a voucher may be dated (SERIALTRAIL_BACKDATE_DAYS, default 31).
        webhook_hosts: Hosts that webhooks may call without https or inside the house (SERIALTRAIL_WEBHOOK_HOSTS).
        public_url: The address that labels and exports name (SERIALTRAIL_PUBLIC_URL), by default that of the request.
        smtp_url: The server that takes mails of alerts, ``smtp://user:password@host:587`` or ``smtps://…``
            (SERIALTRAIL_SMTP_URL); without it no mail is sent.
        mail_from: The address that mails come from (SERIALTRAIL_MAIL_FROM), needed with ``smtp_url``.
        gs1_company_prefix: With it, EPCIS names our own GTINs as EPC URNs (SERIALTRAIL_GS1_COMPANY_PREFIX).
    """

    database_url: str
    secret_key: str
    data_dir: Path
    redis_url: str | None = None
    trusted_proxies: int = 0
    origins: tuple[str, ...] = ()
    async_mode: str = "threading"
    clock: Callable[[], datetime] = utc_now
    session_hours: int = 12
    backdate_days: int = 31
    public_url: str = ""
    gs1_company_prefix: str = ""
    webhook_hosts: tuple[str, ...] = ()
    smtp_url: str = ""
    mail_from: str = ""
    login_limit: str = "20 per minute"

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, **overrides: Any) -> "Config":
        """Read the settings.

        Raises:
            ConfigError: A setting cannot be used; the text names it.
        """
        data_dir = Path(environment.get("SERIALTRAIL_DATA", "data")).absolute()
        database_url = _database_url(environment.get("SERIALTRAIL_DATABASE_URL"), data_dir)
        if database_url.startswith("sqlite:///") and _count(environment, "WEB_CONCURRENCY", "processes", 1) > 1:
            raise ConfigError(
                "WEB_CONCURRENCY is more than 1, but SQLite serves one process. "
                "Set SERIALTRAIL_DATABASE_URL to a PostgreSQL database, or WEB_CONCURRENCY to 1."
            )
        settings: dict[str, Any] = {
            "database_url": database_url,
            "secret_key": environment.get("SERIALTRAIL_SECRET_KEY")
            or _kept_secret(data_dir, database_url.startswith("sqlite")),
            "data_dir": data_dir,
            "redis_url": environment.get("SERIALTRAIL_REDIS_URL") or None,
            "trusted_proxies": _count(environment, "SERIALTRAIL_TRUSTED_PROXIES", "proxies", 0),
            "origins": tuple(environment.get("SERIALTRAIL_ORIGINS", "").replace(",", " ").split()),
            "backdate_days": _count(environment, "SERIALTRAIL_BACKDATE_DAYS", "days", 31),
            "public_url": _public_url(environment.get("SERIALTRAIL_PUBLIC_URL", "")),
            "gs1_company_prefix": _company_prefix(environment.get("SERIALTRAIL_GS1_COMPANY_PREFIX", "")),
            "webhook_hosts": tuple(environment.get("SERIALTRAIL_WEBHOOK_HOSTS", "").replace(",", " ").split()),
            **_mail(environment.get("SERIALTRAIL_SMTP_URL", ""), environment.get("SERIALTRAIL_MAIL_FROM", "")),
            "async_mode": environment.get("SERIALTRAIL_ASYNC_MODE", "threading"),
        }
        return cls(**(settings | overrides))


def _count(environment: Mapping[str, str], name: str, of: str, default: int) -> int:
    given = environment.get(name) or str(default)
    if not (given.isascii() and given.isdigit()):
        raise ConfigError(f"{name} is '{given}', but it counts {of}: 0, 1, 2 …")
    return int(given)


def _public_url(given: str) -> str:
    address = urlsplit(given)
    if given and not (address.scheme in ("http", "https") and address.hostname and address.path in ("", "/")):
        raise ConfigError(
            f"SERIALTRAIL_PUBLIC_URL is '{given}', but it is an address without a path: https://stock.example.com"
        )
    return given.rstrip("/")


def _mail(server: str, sender: str) -> dict[str, str]:
    if not server:
        return {}
    try:
        address = urlsplit(server)
        is_server = address.scheme in ("smtp", "smtps") and address.hostname and (address.port or 1)
    except ValueError:
        is_server = False
    if not is_server:
        raise ConfigError("SERIALTRAIL_SMTP_URL is not the address of a mail server: smtp://user:password@host:587")
    try:
        must_be_address(sender)
    except DomainError:
        raise ConfigError(
            f"SERIALTRAIL_MAIL_FROM is '{sender}', but mails come from one address: stock@example.com"
        ) from None
    return {"smtp_url": server, "mail_from": sender}


def _company_prefix(given: str) -> str:
    if given and not (given.isascii() and given.isdigit() and 6 <= len(given) <= 12):
        raise ConfigError(f"SERIALTRAIL_GS1_COMPANY_PREFIX is '{given}', but a GS1 company prefix has 6 to 12 digits.")
    return given


def _database_url(given: str | None, data_dir: Path) -> str:
    if not given:
        return f"sqlite:///{data_dir / 'serialtrail.sqlite3'}"
    for short in ("postgres://", "postgresql://"):
        if given.startswith(short):
            return "postgresql+psycopg://" + given.removeprefix(short)
    return given


def _kept_secret(data_dir: Path, embedded: bool) -> str:
    """The secret of an embedded installation, made once and readable by its owner only."""
    if not embedded:
        raise ConfigError(
            "SERIALTRAIL_SECRET_KEY is missing. Make one with "
            "`python -c 'import secrets; print(secrets.token_hex(32))'` and give every process the same."
        )
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data_dir / "secret-key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text()
