"""The ``serialtrail`` command."""

import gc
import os
import sys

from click import Command, Context
from flask.cli import FlaskGroup

from backend.config import ConfigError


class _Commands(FlaskGroup):
    """The commands without those that extensions bring for their own developers."""

    def list_commands(self, context: Context) -> list[str]:
        """The names that ``--help`` shows."""
        return sorted({"db", "scan", *super().list_commands(context)} - {"limiter", "openapi"})

    def get_command(self, context: Context, name: str) -> Command | None:
        """A command; Alembic comes with the migrations and OpenCV with ``scan``, as no other needs them."""
        if name == "db":
            from flask_migrate.cli import db

            return db  # type: ignore[no-any-return]
        if name == "scan":
            from scanner.cli import scan

            return scan
        return super().get_command(context, name)


def main() -> None:
    """Run a command of the application; a wrong setting ends in one sentence, not in a traceback."""
    # The database, its write-ahead log and the keys are for their owner only, whoever else is on the machine.
    os.umask(0o077)
    if "serve" in sys.argv[1:2]:
        # Before anything else is imported: sockets and locks made earlier would block the whole process.
        from gevent import monkey

        monkey.patch_all()
    # What is imported stays: to look for garbage among it, again and again, took two fifths of the start.
    gc.disable()
    from backend.app import create_app
    from backend.serving.command import serve

    gc.freeze()
    gc.enable()

    group = _Commands(
        name="serialtrail",
        help="Serialtrail: one identity and one history for every unit.",
        create_app=create_app,
        add_default_commands=False,
        add_version_option=False,
    )
    group.params.clear()  # Options for Flask's developers; everything here is set by the environment.
    group.add_command(serve)
    try:
        group.main(prog_name="serialtrail")
    except ConfigError as error:
        print(f"serialtrail: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(2)


if __name__ == "__main__":
    main()
