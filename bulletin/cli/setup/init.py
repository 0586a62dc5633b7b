"""`bulletin init`: a few questions -> a commented profile in feeds/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bulletin.cli.output.print_voices import offer_line
from bulletin.cli.output.text_or_json_answer import Answer
from bulletin.cli.shared_options import answer_options, station_argument
from bulletin.config.edit_profile_feeds import replace_profile
from bulletin.config.load_profile import station_id
from bulletin.config.profile_template import write_profile
from bulletin.errors import ConfigError
from bulletin.model import Voice
from bulletin.speech.offers.voice_costs import kept_costs
from bulletin.speech.offers.voice_offers import chain_for, first_voice, offers_for, speaks
from bulletin.speech.voice_factory import build_chain, find_voice, list_voices

_QUESTIONS = {
    "name": ("The station's name", None),
    "frequencies": ("Frequencies, separated by spaces (may be empty)", ""),
    "slogan": ("Slogan (may be empty)", ""),
    "language": ("Language [en-GB]", "en-GB"),
    "time_zone": ("Time zone [Europe/London]", "Europe/London"),
    "length": ("Length, minutes:seconds [2:00]", "2:00"),
    "voice": ("First voice", None),
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
@click.option(
    "--voice",
    help="Voice to try first, a name from `bulletin voices`.  [default: the best one that is ready]",
)
@click.option("--feed", "feeds", multiple=True, help="Address of a feed; may be repeated.")
@click.option("--force", is_flag=True, help="Replace an existing profile.")
@answer_options
def command(station: str | None, force: bool, answer: Answer, **given: Any) -> None:
    """Write a commented profile; STATION is its name or path (by default from the station's name)."""
    is_asked = given["name"] is None
    for option, (question, default) in _QUESTIONS.items():
        if not given[option]:
            if option == "voice":
                given[option] = _first_voice(given["language"], is_asked=is_asked)
            else:
                given[option] = _ask(question, default) if is_asked else default
        if option in ("frequencies", "feeds") and isinstance(given[option], str):
            given[option] = tuple(given[option].replace(",", " ").split())
    entry = find_voice(given.pop("voice"), engines={}, language=given["language"])
    voice = _voice_of(entry, given["language"])
    text = write_profile(chain=chain_for(entry, given["language"]), **given)
    path = _target(station or station_id(Path(f"{given['name']}.toml")))
    if path.exists() and not force:
        raise ConfigError(f"{path}: exists already; use --force to replace it, or another name")
    replace_profile(path, text)
    install = f"{voice.install}, then " if voice.install else ""
    line = f"Wrote {path}. Next: {install}bulletin check {path.stem}, then bulletin make {path.stem}"
    answer.print({"profile": str(path)}, [line])


def _first_voice(language: str, *, is_asked: bool) -> str:
    """The best voice that is ready; a person sees what else fits the language, and chooses."""
    offers = offers_for(language, list_voices(language=language, asks=False), kept_costs())
    best = first_voice(offers)
    if not is_asked:
        return best
    if offers:
        click.echo(f"Voices for {language}, the best first:", err=True)
    for offer in offers:
        click.echo(f"  {offer_line(offer)}", err=True)
    return _ask(f"First voice [{best}]", best)


def _voice_of(entry: str, language: str) -> Voice:
    """Raises ConfigError for a voice of another language."""
    [reader] = build_chain([entry], engines={}, speed=1.0, language=language)
    if speaks(reader.voice, language):
        return reader.voice
    raise ConfigError(
        f"{entry} speaks {reader.voice.language}, not {language}; `bulletin voices list --language {language}` lists "
        "the voices that do"
    )


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
