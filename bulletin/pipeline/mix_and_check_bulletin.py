"""Script and Spoken -> Bulletin: mixed, passed by the quality gate, tagged and signed, ready to publish."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.audio.mixing.mix_bulletin import Tags, mix_bulletin
from bulletin.audio.quality.quality_gate import check_quality
from bulletin.model import Bulletin, Level, Script, Spoken
from bulletin.pipeline import describe_stage_results
from bulletin.pipeline.stage_timer import StageTimer
from bulletin.pipeline.state_cloned_voices import describe_clones, state_cloned_voices
from bulletin.runtime.processor_turns import ProcessorTurns
from bulletin.station.build_published_outputs_from_profile import build_orders
from bulletin.station.build_station_object import Station
from bulletin.station.sign_bulletin_mp3s import sign_bulletin, sign_once

MIX_TURNS = ProcessorTurns(longest_wait_s=10.0)
"""
One mix for each processor of this process, or one for a worker of a group.

Measured: mixes that share a processor take a tenth more processor time than one after the other
(`python -m bench.group --voice hibari --stations 50 --length 2:00 --one-core-each`).
"""


def mix_and_check_bulletin(
    station: Station,
    script: Script,
    spoken: Spoken,
    *,
    folder: Path,
    audio_name: str,
    made_at: datetime,
    level: Level = Level.FRESH,
    kinds: Collection[str] | None = None,
    target_s: float | None = None,
    is_up_to: bool = False,
    is_all: bool = True,
    needs_speech: bool = True,
    signed: Path | None = None,
    timer: StageTimer | None = None,
) -> Bulletin:
    """
    Make the renditions `kinds` (default: all of the profile) in `folder`; nothing is published yet.

    `audio_name` is the file name of the podcast's sound, `made_at` (aware) the moment written into broadcast
    files, `target_s` the length (default: the profile's), `is_up_to` allows every rendition to be shorter.
    `is_all` and `needs_speech` as for `mix_bulletin`. With the folder `signed` the same sound gets the same
    signature each time (`sign_once`). Raises AudioError, QualityError, and OutletError for `signed`.
    """
    timer = timer or StageTimer()
    profile, words = station.profile, station.words
    orders = build_orders(profile, folder=folder, audio_name=audio_name, kinds=kinds, is_up_to=is_up_to)
    likeness = state_cloned_voices(spoken, station=words, own=profile.outputs.page.words)
    tags = Tags(
        artist=words.name,
        album=station.podcast_title,
        date=script.at.astimezone(ZoneInfo(words.time_zone)),
        language=words.language,
        artwork=station.cover,
        comment=likeness,
        cloned_voice=", ".join(describe_clones(spoken)),
    )
    with MIX_TURNS.one():
        mixed = timer.run(
            "mix",
            lambda: mix_bulletin(
                script,
                spoken,
                jingles=station.jingles,
                options=profile.audio,
                orders=orders,
                target_s=profile.length if target_s is None else target_s,
                tags=tags,
                made=made_at,
                needs_speech=needs_speech,
                is_all=is_all,
                bodies=station.shared,
            ),
            describe_stage_results.summarize_mix,
        )
    options = {made.kind: profile.outputs.rendition(made.kind) for made in mixed.renditions}
    examined = timer.run(
        "examine",
        lambda: check_quality(mixed, options=options, unfit=station.state / "unfit" / words.id),
        describe_stage_results.summarize_examination,
    )
    # The mixer examined the files while it verified them; that time belongs to the second stage.
    timer.shift("mix", "examine", sum(made.quality.seconds for made in mixed.renditions if made.quality))
    bulletin, profiles = replace(examined, level=level, likeness=likeness), station.path.parent
    if signed is None:
        return sign_bulletin(bulletin, profile, folder=profiles)
    return sign_once(bulletin, profile, folder=profiles, kept=signed)
