"""`bulletin init`: a few questions -> a commented profile in feeds/."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.config.load_profile import load_profile, station_id
from bulletin.config.profile_template import ProfileAnswers, write_profile
from bulletin.errors import ConfigError


@click.command("init")
@click.argument("profile", required=False)
@click.option("--name", help='The station\'s name, "Wexcombe Radio".')
@click.option("--frequency", "frequencies", multiple=True, help="As written, 103.5; may be given again.")
@click.option("--slogan", help="May be empty.")
@click.option("--language", default="en-GB", show_default=True)
@click.option("--time-zone", default="Europe/London", show_default=True)
@click.option("--length", default="2:00", show_default=True, help="Minutes:seconds.")
@click.option("--feed", "feeds", multiple=True, help="A feed's address; may be given again.")
@click.option("--force", is_flag=True, help="Replace a profile that is there.")
def command(
    profile: str | None,
    name: str | None,
    frequencies: tuple[str, ...],
    slogan: str | None,
    language: str,
    time_zone: str,
    length: str,
    feeds: tuple[str, ...],
    force: bool,
) -> None:
    """Write a commented profile; PROFILE is its name or path (by default from the station's name)."""
    if name is None:
        name = _ask("The station's name")
        said = _ask("Frequencies, parted by spaces (empty for none)", "")
        frequencies = frequencies or tuple(said.replace(",", " ").split())
        slogan = slogan or _ask("Slogan (may be empty)", "")
        feeds = feeds or tuple(_ask("Feed addresses, parted by spaces (may be empty)", "").split())
    answers = ProfileAnswers(
        name=name,
        frequencies=frequencies,
        slogan=slogan or "",
        language=language,
        time_zone=time_zone,
        length=length,
        feeds=feeds,
    )
    path = _target(profile or station_id(Path(f"{name}.toml")))
    _write(path, write_profile(answers), force=force)
    click.echo(f"Wrote {path}. Next: bulletin check {path.stem}, then bulletin make {path.stem}")


def _ask(question: str, default: str | None = None) -> str:
    """Raises UsageError where nobody is there to answer, as in a script."""
    try:
        return str(click.prompt(question, default=default, show_default=False))
    except click.Abort as stop:
        if not isinstance(stop.__context__, EOFError):
            raise
        raise click.UsageError(
            'nobody answered, and nothing was written; with --name "Wexcombe Radio" nothing is asked'
        ) from None


def _target(profile: str) -> Path:
    path = Path(profile)
    if path.suffix == ".toml" or len(path.parts) > 1:
        return path.with_suffix(".toml")
    return Path("feeds") / f"{profile}.toml"


def _write(path: Path, text: str, *, force: bool) -> None:
    if path.exists() and not force:
        raise ConfigError(f"{path}: is there already; --force replaces it, or give another name")
    part = path.with_name(f"part-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror}); choose another folder") from error
    try:
        load_profile(str(part))  # a wrong answer is named before anything is replaced
        part.replace(path)
    except ConfigError as error:
        raise ConfigError(f"{str(error).replace('part-', '', 1)}; nothing was written") from error
    finally:
        part.unlink(missing_ok=True)
