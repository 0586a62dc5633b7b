"""`bulletin user`: people who may sign in to the newsroom, their roles, passwords and API tokens."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.ledgers.newsroom_users import SessionKind
from bulletin.cli.number_ranges import WholeNumber
from bulletin.cli.output.text_or_json_answer import Answer
from bulletin.cli.shared_options import FILE, VerbGroup, answer_options, output_option
from bulletin.config.load_profile import list_profiles, station_id
from bulletin.errors import BulletinError, explain_unreadable_text
from bulletin.newsroom.accounts.manage_users import TOKEN_DAYS, Accounts, show_roles
from bulletin.newsroom.accounts.roles import ALL_STATIONS, Role, parse_roles
from bulletin.station.open_archive import open_archive_of_all

_name = click.argument("name")
_password_file = click.option(
    "--password-file",
    type=FILE,
    metavar="FILE",
    help="Read the password from the first line of FILE instead of asking; - is standard input.",
)
_roles = click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="[STATION=]ROLE",
    help="viewer, editor or admin of all stations; demo=editor: of one station. May be repeated.",
)


@click.group("user", cls=VerbGroup, default="list")
def command() -> None:
    """
    Keep the users of the newsroom.

    A viewer reads, an editor changes bulletins, an admin also changes the station. Without a verb, list them.
    """


@command.command("add")
@_name
@_roles
@_password_file
@output_option
@answer_options
def add(name: str, roles: tuple[str, ...], password_file: Path | None, output: Path, answer: Answer) -> None:
    """Add a user, who may sign in at once."""
    parsed = parse_roles(roles)
    with _accounts(output) as accounts:
        user = accounts.add(name, _read_password(password_file), parsed)
    _warn_unknown(parsed)
    answer.print(
        {"name": user.name, "roles": dict(user.roles)}, [f"{user.name} may sign in: {show_roles(user.roles)}"]
    )


@command.command("list")
@output_option
@answer_options
def list_(output: Path, answer: Answer) -> None:
    """List users with their roles and API tokens."""
    with _accounts(output) as accounts:
        found = [(user, accounts.users.sessions(user.name)) for user in accounts.users.users()]
    data, lines = [], []
    for user, sessions in found:
        tokens = [session.label for session in sessions if session.kind is SessionKind.API]
        browsers = len(sessions) - len(tokens)
        data.append(
            {"name": user.name, "roles": dict(user.roles), "browsers": browsers, "api_tokens": tokens}
        )
        lines.append(f"{user.name}  {show_roles(user.roles)}; signed in: {browsers}")
        lines += [f"  API token: {label}" for label in tokens]
    answer.print({"users": data}, lines)
    if not lines and not answer.as_json:
        click.echo("No users yet; `bulletin user add NAME --role admin` adds one.", err=True)


@command.command("remove")
@_name
@output_option
@answer_options
def remove(name: str, output: Path, answer: Answer) -> None:
    """Remove a user; sessions and API tokens end at once. Edits keep the name."""
    with _accounts(output) as accounts:
        accounts.remove(name)
    answer.print({"removed": name}, [f"{name} is removed and signed out"])


@command.command("roles")
@_name
@_roles
@output_option
@answer_options
def roles_(name: str, roles: tuple[str, ...], output: Path, answer: Answer) -> None:
    """Replace the roles of a user; they hold from the next click on."""
    parsed = parse_roles(roles)
    with _accounts(output) as accounts:
        user = accounts.set_roles(name, parsed)
    answer.print({"name": user.name, "roles": dict(user.roles)}, [f"{user.name}: {show_roles(user.roles)}"])


@command.command("password")
@_name
@_password_file
@output_option
@answer_options
def password(name: str, password_file: Path | None, output: Path, answer: Answer) -> None:
    """Set a user's password; every session and API token of the user ends."""
    with _accounts(output) as accounts:
        accounts.find(name)
        accounts.set_password(name, _read_password(password_file))
    answer.print({"changed": name}, [f"{name} has a new password; all sessions and API tokens have ended"])


@command.command("token")
@_name
@click.argument("label")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Limit the token to a role.")
@click.option("--days", type=int, default=TOKEN_DAYS, show_default=True, help="Days until it expires.")
@click.option("--remove", "is_removed", is_flag=True, help="End the token with that label.")
@output_option
@answer_options
def token_(
    name: str, label: str, role: str | None, days: int, is_removed: bool, output: Path, answer: Answer
) -> None:
    """Make an API token for a user, and print it once. LABEL says what it is for: "playout"."""
    with _accounts(output) as accounts:
        if is_removed:
            accounts.remove_token(name, label)
            answer.print({"removed": label}, [f'API token "{label}" of {name} has ended'])
            return
        made = accounts.add_token(name, label, role=Role(role) if role else None, days=days)
    answer.print({"user": name, "label": label, "token": made}, [made])
    if not answer.as_json:
        click.echo("Keep it: it is not shown again. Send it as `Authorization: Bearer TOKEN`.", err=True)


@command.command("audit")
@click.option("--limit", type=WholeNumber(1, 10_000), default=50, show_default=True, help="Lines to show.")
@output_option
@answer_options
def audit(limit: int, output: Path, answer: Answer) -> None:
    """Show who changed what in the newsroom, newest first, with sign-ins that were refused."""
    with open_archive_of_all(output, only_to_read=True) as archive:
        entries = AuditLedger(archive).changes(limit=limit)
    names = ("user", "action", "station", "note", "address")
    data = [{"at": e.at.isoformat(), **{name: getattr(e, name) for name in names}} for e in entries]
    lines = [
        "  ".join(filter(None, [f"{e.at:%Y-%m-%d %H:%M}Z", e.user, e.action, e.station, e.note, e.address]))
        for e in entries
    ]
    answer.print({"audit": data}, lines)


def _warn_unknown(roles: Mapping[str, Role]) -> None:
    """Name roles at stations that have no profile here: a mistyped one would be no role at all."""
    known = {station_id(path) for path in list_profiles()}
    for station in roles:
        if station not in (*known, ALL_STATIONS):
            click.echo(
                f'No profile is called "{station}" here; the role holds as soon as there is one.', err=True
            )


@contextmanager
def _accounts(output: Path) -> Iterator[Accounts]:
    with open_archive_of_all(output) as archive:
        yield Accounts(archive=archive, now=lambda: datetime.now(UTC))


def _read_password(file: Path | None) -> str:
    """From the file, or asked twice on a terminal. Raises BulletinError."""
    if file is None:
        if not sys.stdin.isatty():
            raise BulletinError("no terminal to ask for the password; give it with --password-file FILE")
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BulletinError(f"{file}: the password file {explain_unreadable_text(error)}") from error
    if not text.strip():
        raise BulletinError(f"{file}: the password file is empty")
    return text.splitlines()[0]
