"""``serialtrail serve``: the whole system in one process."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from socket import socket

import click
import gevent
from flask import Flask

from backend.app import create_app
from backend.config import Config
from backend.demo import DEMO_USERS
from backend.extensions import db, socketio
from backend.services.people import check_password
from backend.serving import alert_watch, webhook_sender
from backend.serving.addresses import in_url
from backend.serving.database import prepare_database
from backend.serving.errors import CannotServe
from backend.serving.middleware import (
    answering_trust,
    with_plain_addresses,
    without_websocket_compression,
    wrapped,
)
from backend.serving.ports import bind
from backend.serving.server import EmbeddedServer
from backend.serving.terminal import LocalNetwork, Person, show_network, show_welcome

_ADDRESSES_ARE_COMPARED_EVERY = 30.0
"""Seconds; a laptop that changed the Wi-Fi has its new certificate by then."""


@click.command()
@click.option("--lan", is_flag=True, help="Serve phones on the local network too, over HTTPS.")
@click.option("--host", help="Listen on this address only. Default: 127.0.0.1, with --lan every address.")
@click.option("--port", type=click.IntRange(0, 65535), help="Default: 8000, with --lan 8443 (HTTPS).")
@click.option(
    "--http-port",
    type=click.IntRange(0, 65535),
    default=8000,
    help="With --lan: for this computer. Default: 8000.",
)
@click.option(
    "--connect-port",
    type=click.IntRange(0, 65535),
    default=8080,
    help="With --lan: where phones begin. Default: 8080.",
)
@click.option(
    "--address",
    "addresses",
    multiple=True,
    help="With --lan: a further address or .local name that phones use.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the database, keys and certificates.",
)
def serve(
    lan: bool,
    host: str | None,
    port: int | None,
    http_port: int,
    connect_port: int,
    addresses: tuple[str, ...],
    data: Path | None,
) -> None:
    """Serve Serialtrail, until Ctrl-C.

    Without --lan to this computer only, on http://localhost:8000. With --lan also to phones: HTTPS with a
    certificate of this installation, and a page that leads each phone through installing it.
    """
    if data is not None:
        os.environ["SERIALTRAIL_DATA"] = str(data)
    try:
        if lan:
            _serve_lan(host, 8443 if port is None else port, http_port, connect_port, addresses)
        else:
            _serve_this_computer(host or "127.0.0.1", 8000 if port is None else port)
    except CannotServe as error:
        click.echo(f"{error}\nNext: {error.next_step}", err=True)
        sys.exit(2)


def _serve_this_computer(host: str, port: int) -> None:
    listener = bind(host, port, "--port")
    app, config = _application()
    server = EmbeddedServer(socketio)
    server.listen(listener, wrapped(app, without_websocket_compression))
    url = f"http://{'localhost' if host == '127.0.0.1' else in_url(host)}:{_port(listener)}/"
    server.run(
        lambda: show_welcome(url=url, network=None, people=_people(app), data_dir=config.data_dir, out=sys.stdout)
    )


def _serve_lan(host: str | None, port: int, http_port: int, connect_port: int, addresses: Sequence[str]) -> None:
    # With them come 8 MiB for certificates, which a server behind a proxy does without.
    from backend.serving.lan import Lan
    from backend.serving.onboarding import create_onboarding_app

    https, here, connect = (
        bind(host, port, "--port"),
        bind("127.0.0.1", http_port, "--http-port"),
        bind(host, connect_port, "--connect-port"),
    )
    app, config = _application()
    lan = Lan(config.data_dir / "certificates", addresses, config.clock)
    onboarding = create_onboarding_app(lan.authority, lambda: lan.names, _port(https))

    server = EmbeddedServer(socketio)
    server.listen(
        https, wrapped(app, with_plain_addresses, without_websocket_compression, answering_trust), tls=lan.tls
    )
    server.listen(here, wrapped(app, without_websocket_compression))
    server.listen(connect, wrapped(onboarding, with_plain_addresses))

    def network() -> LocalNetwork:
        return lan.described(_port(connect), _port(https))

    def started() -> None:
        show_welcome(
            url=f"http://localhost:{_port(here)}/",
            network=network(),
            people=_people(app),
            data_dir=config.data_dir,
            out=sys.stdout,
        )
        gevent.spawn(keep_in_step)

    def keep_in_step() -> None:
        while True:
            gevent.sleep(_ADDRESSES_ARE_COMPARED_EVERY)
            try:
                changed = lan.refresh()
            except OSError as error:
                click.echo(f"The certificate could not be renewed: {error.filename}: {error.strerror}.", err=True)
                continue
            if changed:
                click.echo("The addresses of this computer have changed.")
                show_network(network(), sys.stdout)

    server.run(started)


def _application() -> tuple[Flask, Config]:
    try:
        config = Config.from_environment(async_mode="gevent")
        app = create_app(config)
    except OSError as error:
        raise CannotServe(
            f"The data folder cannot be used: {error.filename}: {error.strerror}.",
            "Give another folder with --data, or the right to write into this one.",
        ) from error
    prepare_database(app, config)
    webhook_sender.start(app)
    alert_watch.start(app)
    return app, config


def _people(app: Flask) -> list[Person]:
    """Whom the demo data brought and whose password is still the one that everybody knows."""
    with app.app_context():
        return [
            Person(user.username, user.password, user.role)
            for user in DEMO_USERS
            if check_password(db.session(), user.username, user.password) is not None
        ]


def _port(listener: socket) -> int:
    return int(listener.getsockname()[1])
