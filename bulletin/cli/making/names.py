"""`bulletin names`: unusual names in the next bulletin, to hear, respell and save before they air."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bulletin.cli.making.say import hear_options, say
from bulletin.cli.newsroom.editor_desk import EditorCall, editor_command
from bulletin.cli.output.text_or_json_answer import StationCall, to_data
from bulletin.cli.shared_options import VerbGroup, all_option, station_command


@click.group(cls=VerbGroup, default="list")
def command() -> None:
    """
    List unusual names in the next bulletin; hear, respell and save them.

    A saved respelling holds from the next bulletin on, before the profile's [pronunciations] and every lexicon, in
    stories of the station's language; for a further language write it into [pronunciations.de] of the profile.
    Without a verb, `bulletin names` lists.
    """


@command.command("list")
@station_command()
@all_option()
def list_names(call: StationCall, everything: bool) -> None:
    """
    List unusual names in the next bulletin, the hardest first, each with a first respelling.

    Listen to it with `bulletin names say`, and save it, or a better one, with
    `bulletin names save`. A line may also be copied into the profile's [pronunciations], printed
    name = respelling: "Wexcombe" = "Wecks-kum", or into the table [names] of a lexicon (`lexicon = "names.toml"` in the
    profile). A name with "" is read as printed and not listed again.
    """
    from bulletin.archive.ledgers.respelled_names import RespelledNames
    from bulletin.newsroom.coming_names import as_lexicon_lines, name_to_hear
    from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
    from bulletin.script.list_unusual_names import list_unusual_names
    from bulletin.station.build_station_object import open_station

    with open_station(call.loaded, output=call.output) as station:
        draft = draft_bulletin(station, now=datetime.now(UTC))
        language = station.words.language
        names = [
            name_to_hear(name, language=language)
            for name in list_unusual_names(draft.script, station.lexicon)
        ]
        saved = RespelledNames(station.archive).names(call.id)
    call.print(
        {"names": to_data(names), "saved": to_data(saved, zone=call.zone)},
        as_lexicon_lines(names),
        everything=everything,
        mark="# ",
    )
    if call.quiet:
        return
    if not names:
        click.echo("No unusual names in the next bulletin, so none to add to [pronunciations].", err=True)
    if saved and call.is_text:
        names_saved = ", ".join(f"{one.name} ({one.respelling or 'as printed'})" for one in saved)
        click.echo(f"Saved respellings: {names_saved}", err=True)


@command.command("say")
@click.argument("name")
@station_command(only_looks=True)
@click.option(
    "--as", "respelling", metavar="RESPELLING", help="Respelling to hear; by default the first proposal."
)
@hear_options
def say_name(
    call: StationCall,
    name: str,
    respelling: str | None,
    voice: str | None,
    to: Path | None,
    player: str | None,
) -> None:
    """
    Say NAME as the station says it now, then by another respelling; nothing is saved.
    """
    from bulletin.newsroom.coming_names import hear_name

    say(
        call,
        name,
        lambda station: hear_name(station, name, respelling=respelling, to=to),
        voice=voice,
        to=to,
        player=player,
    )


@command.command("save")
@click.argument("name")
@click.argument("respelling")
@editor_command(has_slot=False)
def save(edit: EditorCall, name: str, respelling: str) -> None:
    """
    Save how NAME is said in the station's language: every voice reads RESPELLING for it, from the next bulletin on.

    Letters, spaces, hyphens and apostrophes: "Llandeilo" "Thlan-dye-loh". With "" the name is read as printed and not
    listed again.
    """
    from bulletin.newsroom.actions.respell_names import save_respelling

    with edit.desk(prepares=False) as desk:
        saved = save_respelling(desk, name=name, respelling=respelling)
    said = f'as "{saved.respelling}"' if saved.respelling else "as printed"
    line = f'"{saved.name}" is read {said} from the next bulletin on'
    edit.call.print({"station": edit.call.id, "saved": to_data(saved, zone=edit.call.zone)}, [line])


@command.command("remove")
@click.argument("name")
@editor_command(has_slot=False)
def remove(edit: EditorCall, name: str) -> None:
    """
    Forget the saved respelling of NAME; the profile and the lexicons hold again.
    """
    from bulletin.newsroom.actions.respell_names import remove_respelling

    with edit.desk(prepares=False) as desk:
        remove_respelling(desk, name=name)
    edit.call.print(
        {"station": edit.call.id, "removed": name}, [f'"{name}" has no saved respelling any more']
    )
