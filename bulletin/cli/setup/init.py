"""`bulletin init`: a few questions -> a commented profile in feeds/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bulletin.cli.output.text_or_json_answer import Answer
from bulletin.cli.shared_options import answer_options, station_argument
from bulletin.config.edit_profile_feeds import replace_profile
from bulletin.config.load_profile import station_id
from bulletin.config.profile_template import write_profile
from bulletin.errors import ConfigError
from bulletin.speech.voice_factory import find_voice

_QUESTIONS = {
    "name": ("The station's name", None),
    "frequencies": ("Frequencies, separated by spaces (may be empty)", ""),
    "slogan": ("Slogan (may be empty)", ""),
    "language": ("Language [en-GB]", "en-GB"),
    "time_zone": ("Time zone [Europe/London]", "Europe/London"),
    "length": ("Length, minutes:seconds [2:00]", "2:00"),
    "voice": ("First voice [gtts]", "gtts"),
    "feeds": ("Feed addresses, separated by spaces (may be empty)", ""),
}
"""Option -> its question, and its default."""


@click.command("init")
@station_argument
@click.option("--name", help='Station name, "Wexcombe Radio"; without --name, init asks for every option.')
@click.option("--frequency", "frequencies", multiple=True, help="Frequency: 103.5, 11D; may be repeated.")
@click.option("--slogan", help="Slogan of the station; may be empty.")
@click.option("--language", help="Language of the bulletin.  [default: en-GB]")
@click.option("--time-zone", help="Time zone of the station.  [default: Europe/London]")
@click.option("--length", help="Length, minutes:seconds.  [default: 2:00]")
@click.option("--voice", help="Voice to try first, a name from `bulletin voices`.  [default: gtts]")
@click.option("--feed", "feeds", multiple=True, help="Address of a feed; may be repeated.")
@click.option("--force", is_flag=True, help="Replace an existing profile.")
@answer_options
def command(station: str | None, force: bool, answer: Answer, **given: Any) -> None:
    """Write a commented profile; STATION is its name or path (by default from the station's name)."""
    is_asked = given["name"] is None
    for option, (question, default) in _QUESTIONS.items():
        if not given[option]:
            given[option] = _ask(question, default) if is_asked else default
        if option in ("frequencies", "feeds") and isinstance(given[option], str):
            given[option] = tuple(given[option].replace(",", " ").split())
    given["voice"] = find_voice(given["voice"], engines={}, language=given["language"])
    text = write_profile(**given)
    path = _target(station or station_id(Path(f"{given['name']}.toml")))
    if path.exists() and not force:
        raise ConfigError(f"{path}: exists already; use --force to replace it, or another name")
    replace_profile(path, text)
    line = f"Wrote {path}. Next: bulletin check {path.stem}, then bulletin make {path.stem}"
    answer.print({"profile": str(path)}, [line])


def _ask(question: str, default: str | None) -> str:
    """Raises ConfigError at the end of input, as in a script."""
    try:
        return str(click.prompt(question, default=default, show_default=False))
    except click.Abort as stop:
        if not isinstance(stop.__context__, EOFError):
            raise
        raise ConfigError('no answer on standard input, nothing was written; use --name "Hill FM"') from None


def _target(profile: str) -> Path:
    path = Path(profile)
    if path.suffix == ".toml" or len(path.parts) > 1:
        return path.with_suffix(".toml")
    return Path("feeds") / f"{profile}.toml"
