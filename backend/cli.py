"""Commands of ``serialtrail``: the database, demo data, the ledger check, people."""

from collections.abc import Callable

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import inspect

from backend.demo import DEMO_USERS, load_demo
from backend.domain.errors import DomainError
from backend.domain.locations import LocationKind
from backend.domain.people import Role
from backend.extensions import reading, reading_one_moment
from backend.queries.ledger_check import check_ledger
from backend.services import masters, people, projections
from backend.unit_of_work import UnitOfWork, transact

user_group = AppGroup("user", help="People and their log-ins.")
site_group = AppGroup("site", help="Sites and their places.")


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing when there is data already.")
@with_appcontext
def demo(if_empty: bool) -> None:
    """Load the demo data: sites, items, parties, people, an open order for 50 laptops."""
    if not transact(load_demo):
        if if_empty:
            return
        raise click.ClickException("There is data already; demo data goes into an empty database only.")
    click.echo("Demo data loaded. User names and passwords:")
    for user in DEMO_USERS:
        click.echo(f"  {user.username:<6} {user.password:<12} {user.role}")


@click.command("check-ledger")
@with_appcontext
def check() -> None:
    """Replay the ledger and compare it with every projection; exit code 1 when they differ."""
    if not inspect(reading().connection()).has_table("stock_ledger_entry"):
        raise click.ClickException("This database has no tables yet. Next: serialtrail db upgrade")
    report = check_ledger(reading_one_moment())
    for problem in report.problems:
        click.echo(problem)
    click.echo(f"{report.entries} entries, {report.units} units, {len(report.problems)} problems")
    if report.problems:
        raise SystemExit(1)


@click.command("rebuild-balances")
@with_appcontext
def rebuild() -> None:
    """Write the balances anew from the ledger."""
    click.echo(f"{transact(projections.rebuild_balances)} balances written")


@site_group.command("add")
@click.argument("code")
@click.option("--name", help="Full name; the code when not given.")
@click.option("--warehouse", "warehouses", multiple=True, default=("MAIN",), help="Code; may be given again.")
def add_site(code: str, name: str | None, warehouses: tuple[str, ...]) -> None:
    """Add a site with its warehouses and a place for rejected goods."""

    def job(work: UnitOfWork) -> None:
        site = masters.add_site(work, code=code, name=name or code)
        for warehouse in warehouses:
            masters.add_location(work, parent=site, code=warehouse, name=warehouse, kind=LocationKind.WAREHOUSE)
        masters.add_location(work, parent=site, code="REJECT", name="Rejected goods", kind=LocationKind.REJECT)

    _told(job)
    click.echo(f"{code} added with {', '.join(warehouses)} and REJECT")


@user_group.command("add")
@click.argument("username")
@click.option("--name", help="Full name; the user name when not given.")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True)
@click.option("--site", "sites", multiple=True, required=True, help="Code of a site; may be given again.")
@click.password_option(envvar="SERIALTRAIL_PASSWORD")
def add(username: str, name: str | None, role: str, sites: tuple[str, ...], password: str) -> None:
    """Add a person with one role at one or more sites."""

    def job(work: UnitOfWork) -> None:
        people.add_user(
            work,
            username=username,
            name=name or username,
            password=password,
            roles={masters.site_by_code(work, code).id: frozenset({Role(role)}) for code in sites},
        )

    _told(job)
    click.echo(f"{username} added")


@user_group.command("revoke")
@click.argument("username")
def revoke(username: str) -> None:
    """End every log-in of a person; their open screens close within seconds."""
    click.echo(f"{transact(lambda work: people.revoke_user(work, username))} log-ins of {username} ended")


def _told(job: Callable[[UnitOfWork], None]) -> None:
    try:
        transact(job)
    except DomainError as error:
        raise click.ClickException(f"{error.refusal.message} {error.refusal.next_step}") from error


def register(app: Flask) -> None:
    """Bind the commands."""
    for command in (demo, check, rebuild, site_group, user_group):
        app.cli.add_command(command)
