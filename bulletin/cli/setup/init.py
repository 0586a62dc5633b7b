"""`bulletin init`: a few questions -> a commented profile in feeds/."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bulletin.cli.output.print_voices import offer_line
from bulletin.cli.output.text_or_json_answer import Answer
from bulletin.cli.shared_options import answer_options, station_argument
from bulletin.config.edit_profile_feeds import replace_profile
from bulletin.config.explain_profile_errors import fault_of_option
from bulletin.config.language_tags import probable_time_zone
from bulletin.config.load_profile import station_id
from bulletin.config.profile_template import write_profile
from bulletin.errors import ConfigError
from bulletin.language.cldr import time_zone_of
from bulletin.language.language_folders import base_of, shipped_languages
from bulletin.model import Voice
from bulletin.speech.offers.measure_voice import costs_with_unmeasured
from bulletin.speech.offers.voice_costs import kept_costs
from bulletin.speech.offers.voice_offers import chain_for, first_voice, offers_for, speaks
from bulletin.speech.voice_factory import build_chain, find_voice, list_voices

_QUESTIONS = {
    "name": ("The station's name", None),
    "frequencies": ("Frequencies, separated by spaces (may be empty)", ""),
    "slogan": ("Slogan (may be empty)", ""),
    "language": ("Language [en-GB]", "en-GB"),
    "time_zone": ("Time zone", None),
    "length": ("Length, minutes:seconds [2:00]", "2:00"),
    "voice": ("First voice", None),
    "feeds": ("Feed addresses, separated by spaces (may be empty)", ""),
}
"""Option -> its question, and its default where no other answer decides it."""
_TRIED_AT_ONCE = ("frequencies", "language", "time_zone", "length")


@click.command("init")
@station_argument
@click.option("--name", help='Station name, "Wexcombe Radio"; without --name, init asks for every option.')
@click.option("--frequency", "frequencies", multiple=True, help="Frequency: 103.5, 11D; may be repeated.")
@click.option("--slogan", help="Slogan of the station; may be empty.")
@click.option("--language", help="Language of the bulletin.  [default: en-GB]")
@click.option("--time-zone", help="Time zone of the station.  [default: that of the language's country]")
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
    for option in _QUESTIONS:
        if not given[option]:
            given[option] = _answer(option, given, is_asked=is_asked)
        if option in ("frequencies", "feeds"):
            given[option] = _listed(given[option])
    entry, voice = _chosen_voice(given.pop("voice"), given["language"])
    offers = offers_for(given["language"], list_voices(language=given["language"], asks=False), kept_costs())
    text = write_profile(chain=chain_for(entry, given["language"], offers), **given)
    path = _target(station or station_id(Path(f"{given['name']}.toml")))
    if path.exists() and not force:
        raise ConfigError(f"{path}: exists already; use --force to replace it, or another name")
    replace_profile(path, text)
    steps = [voice.install, f"bulletin check {path.stem}", f"bulletin make {path.stem}"]
    lines = [f"Wrote {path}. Next: {', then '.join(step for step in steps if step)}"]
    if missing := _without_words(given["language"]):
        lines.append(missing)
    answer.print({"profile": str(path)}, lines)


def _answer(option: str, given: Mapping[str, Any], *, is_asked: bool) -> str:
    """A person's answer at a terminal, or the default. An invalid answer gets its error, then the question again."""
    question, default = _QUESTIONS[option]
    if option == "time_zone":
        default = probable_time_zone(given["language"], of_country=time_zone_of(given["language"]))
        question = f"{question} [{default}]"
    if option == "voice":
        default = _first_voice(given["language"], is_shown=is_asked)
        question = f"{question} [{default}]"
    if not is_asked:
        return default or ""
    while True:
        value = _ask(question, default)
        fault = _fault(option, value, given)
        if not fault or not sys.stdin.isatty():
            break
        click.echo(f"  {fault}", err=True)
    if option == "language" and (missing := _without_words(value)):
        click.echo(f"  {missing}", err=True)
    return value


def _fault(option: str, value: str, given: Mapping[str, Any]) -> str:
    """What is wrong with an answer; empty when it is right, or when only the whole profile shows it."""
    try:
        if option == "voice":
            _chosen_voice(value, given["language"])
        elif option in _TRIED_AT_ONCE:
            return fault_of_option(option, _listed(value) if option == "frequencies" else value)
    except ConfigError as error:
        return str(error)
    return ""


def _listed(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _without_words(language: str) -> str:
    """What a station must add whose language has no folder here; empty for the others."""
    if any(base_of(tag) == base_of(language) for tag in shipped_languages()):
        return ""
    known = ", ".join(tag for tag in shipped_languages() if tag != "en")
    return f'Bulletin has no words for "{language}" (it has {known}); docs/LANGUAGES.md says how to add a language'


def _first_voice(language: str, *, is_shown: bool) -> str:
    """The best voice that is ready; a person sees what else fits the language."""
    listings = list_voices(language=language, asks=False)
    is_person = is_shown and sys.stdin.isatty()
    costs = costs_with_unmeasured(listings, language, now=datetime.now(UTC)) if is_person else kept_costs()
    offers = offers_for(language, listings, costs)
    if is_shown and offers:
        click.echo(f"Voices for {language}, the best first:", err=True)
        for offer in offers:
            click.echo(f"  {offer_line(offer)}", err=True)
    return first_voice(offers)


def _chosen_voice(name: str, language: str) -> tuple[str, Voice]:
    """The entry of a chain, and its voice. Raises ConfigError for an unknown one, or one of another language."""
    entry = find_voice(name, engines={}, language=language)
    [reader] = build_chain([entry], engines={}, speed=1.0, language=language)
    if speaks(reader.voice, language):
        return entry, reader.voice
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
