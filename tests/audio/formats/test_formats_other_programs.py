"""Our files, read by ffmpeg, mediainfo, flac, opus-tools, sndfile-info, exiftool and sox."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from bulletin.audio.formats.encoders import make_encoder
from bulletin.audio.formats.write_id3_tags import Head, Tags
from bulletin.audio.mixing.mix_bulletin import Order, mix_bulletin
from bulletin.config.profile_options import AudioOptions
from bulletin.config.tables.output_options import FmOptions
from bulletin.model import Chapter
from tests.audio.mixing.test_bext_and_cart_chunks import broadcast_file
from tests.audio.mixing.test_mix_bulletin import TARGET_S, make_day, our_jingles
from tests.audio.sounds import make_music, speak_noise

pytestmark = pytest.mark.clients

TAGS = Tags(artist="Wexcombe Radio", album="News", date=datetime(2026, 11, 24, 7, 0))  # noqa: DTZ001 - local
CHAPTERS = (
    Chapter(start_s=0, end_s=1, title="Opening ☔"),
    Chapter(start_s=1, end_s=2.5, title="Bridge closes", link="https://gazette.example/bridge"),
)


def run(program: str, *arguments: object) -> bytes:
    if not shutil.which(program):
        pytest.skip(f"{program} is not here; apt install {PACKAGES[program]}")
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def run_loud(program: str, *arguments: object) -> str:
    """Run a program and return its standard error."""
    run(program, "-version")
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, check=True)
    return done.stderr.decode()


PACKAGES = {
    "ffmpeg": "ffmpeg",
    "ffprobe": "ffmpeg",
    "mediainfo": "mediainfo",
    "flac": "flac",
    "metaflac": "flac",
    "opusinfo": "opus-tools",
    "opusdec": "opus-tools",
    "sndfile-info": "sndfile-programs",
    "exiftool": "libimage-exiftool-perl",
    "sox": "sox",
}


@pytest.fixture
def wav(tmp_path) -> Path:
    return broadcast_file(tmp_path / "fm.wav")


def encode(path: Path, fmt: str, music: np.ndarray) -> Path:
    head = Head(tags=TAGS, title="7am news ☔", duration_s=2.5, chapters=CHAPTERS)
    encoder = make_encoder(fmt, path / f"sound.{fmt}", rate_hz=48_000, head=head)
    encoder.write(music)
    encoder.close()
    return path / f"sound.{fmt}"


@pytest.fixture(scope="module")
def renditions(tmp_path_factory) -> dict[str, Path]:
    """One bulletin from the mixer as WAV (FM), FLAC and Opus."""
    folder = tmp_path_factory.mktemp("renditions")
    script = make_day()
    paths = {fmt: folder / f"news.{fmt}" for fmt in ("wav", "flac", "opus")}
    options = {fmt: FmOptions(format=fmt, cut_id="6001") for fmt in paths}
    mix_bulletin(
        script,
        speak_noise(script, folder, hurry=3),
        jingles=our_jingles(),
        options=AudioOptions(),
        orders=[Order(kind="fm", path=path, options=options[fmt]) for fmt, path in paths.items()],
        target_s=TARGET_S,
        tags=TAGS,
    )
    return paths


@pytest.mark.parametrize("fmt", ["wav", "flac", "opus"])
def test_ffmpeg_measures_the_target_loudness(renditions, fmt):
    """ffmpeg's meter reads -23 LUFS, at most -1 dBTP, and 36.0 s."""
    path = renditions[fmt]
    raw = run("ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "s16le", "-")
    report = run_loud(
        "ffmpeg", "-hide_banner", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"
    )

    summary = report.rpartition("Summary:")[2]
    assert float(re.search(r"I:\s+(\S+) LUFS", summary)[1]) == pytest.approx(-23.0, abs=0.2)
    assert float(re.search(r"Peak:\s+(\S+) dBFS", summary)[1]) <= -1.0
    assert len(raw) / 4 / 48_000 == pytest.approx(TARGET_S, abs=0.1)


def test_a_mixed_file_holds_its_loudness_and_its_points(renditions):
    loud = fields(run("sndfile-info", "--broadcast", renditions["wav"]))
    cart = run("sndfile-info", "--cart", renditions["wav"]).decode()

    assert float(loud["Loudness value"].split()[0]) == pytest.approx(-23.0, abs=0.2)
    assert float(loud["Max. true peak level"].split()[0]) <= -1.0
    points = {usage: int(frame) for usage, frame in re.findall(r"(AUD.|INT.|SEG.)\s+(\d+)", cart)}
    assert points["AUDs"] == points["INTs"] == 0
    assert 0 < points["INTe"] < points["SEGs"] <= points["AUDe"]
    assert points["AUDe"] / 48_000 == pytest.approx(TARGET_S, abs=0.1)


@pytest.fixture
def music() -> np.ndarray:
    return make_music(2.5, rate_hz=48_000)


def test_sndfile_info_prints_the_cart(wav):
    cart_fields = fields(run("sndfile-info", "--cart", wav))

    assert (cart_fields["Title"], cart_fields["Artist"]) == (
        "7am news, Tuesday 24 November 2026",
        "Wexcombe Radio",
    )
    assert (cart_fields["Cut id"], cart_fields["Category"], cart_fields["Out cue"]) == (
        "6001",
        "NEWS",
        "That is the news.",
    )
    assert (cart_fields["Start date"], cart_fields["Start time"]) == ("2026-11-24", "07:00:00")
    assert (cart_fields["End date"], cart_fields["End time"]) == ("2026-11-24", "08:00:00")
    timers = [
        line.split()[1:]
        for line in run("sndfile-info", "--cart", wav).decode().splitlines()
        if " AUD" in line
    ]
    assert timers == [["AUDs", "0"], ["AUDe", "5760000"]]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("\N{TURTLE} 7am news \N{UMBRELLA WITH RAIN DROPS} Łódź “live”", '7am news Lodz "live"'),
        ("Very long " * 30, "Very long Very long Very long Very long Very long Very long"),
        ("a" * 300, "a" * 63),
        ("\N{TURTLE}" * 300, ""),
    ],
    ids=["emoji", "300 characters", "one word of 300", "nothing but emoji"],
)
def test_any_title_is_read_by_programs_that_others_wrote(tmp_path, title, shown):
    path = broadcast_file(tmp_path / "fm.wav", title=title)

    cart_fields = fields(run("sndfile-info", "--cart", path))
    assert (cart_fields["Title"], cart_fields["Artist"], cart_fields["Cut id"]) == (
        shown,
        "Wexcombe Radio",
        "6001",
    )
    (seen,) = json.loads(run("exiftool", "-j", "-G1", path))
    assert not [name for name in seen if "Warning" in name or "Error" in name]
    assert run("sox", "--i", "-s", path).strip() == b"48000"


def test_sndfile_info_prints_the_bext(wav):
    bext_fields = fields(run("sndfile-info", "--broadcast", wav))

    assert (bext_fields["BWF version"], bext_fields["Originator"]) == ("2", "Wexcombe Radio")
    assert (bext_fields["Loudness value"], bext_fields["Max. true peak level"]) == (
        "-23.02 LUFS",
        "-1.50 dBTP",
    )


CLONED = replace(
    TAGS,
    comment="Gelesen von einer künstlichen Stimme, die Jo Bell nachahmt.",
    cloned_voice="Jo Bell (consent 2026-11-02)",
)


@pytest.fixture(scope="module")
def cloned(tmp_path_factory) -> Path:
    """A broadcast WAV from the mixer, read by a cloned voice."""
    folder = tmp_path_factory.mktemp("cloned")
    script = make_day()
    mix_bulletin(
        script,
        speak_noise(script, folder, hurry=3),
        jingles=our_jingles(),
        options=AudioOptions(),
        orders=[Order(kind="fm", path=folder / "fm.wav", options=FmOptions(format="wav"))],
        target_s=TARGET_S,
        tags=CLONED,
    )
    return folder / "fm.wav"


def test_a_broadcast_wav_states_a_cloned_voice_to_other_programs(cloned):
    """In the comment (ICMT of LIST INFO) and in the description of the bext, whose loudness is there, too."""
    found = json.loads(run("ffprobe", "-v", "error", "-of", "json", "-show_format", cloned))["format"]["tags"]
    general, audio = json.loads(run("mediainfo", "--Output=JSON", cloned))["media"]["track"]
    bext = fields(run("sndfile-info", "--broadcast", cloned))

    assert found["comment"].startswith(
        ("Cloned voice: Jo Bell (consent 2026-11-02).", f"{CLONED.comment} CLONED_VOICE=Jo Bell")
    )
    assert f"{CLONED.comment} CLONED_VOICE=Jo Bell (consent 2026-11-02)" in json.dumps(
        [found, general], ensure_ascii=False
    )
    assert bext["Description"].startswith("Cloned voice: Jo Bell (consent 2026-11-02). ")
    assert float(audio["extra"]["LoudnessValue"]) == pytest.approx(-23.0, abs=0.2)


def test_mediainfo_reads_the_bext(wav):
    general, audio = json.loads(run("mediainfo", "--Output=JSON", wav))["media"]["track"]

    assert (general["Producer"], general["Encoded_Date"]) == ("Wexcombe Radio", "2026-11-24 06:58:03")
    assert audio["extra"]["LoudnessValue"] == "-23.02"
    assert (audio["SamplingRate"], audio["BitDepth"], audio["SamplingCount"]) == ("48000", "16", "48000")


def test_ffprobe_reads_the_bext(wav):
    format_info = json.loads(run("ffprobe", "-v", "error", "-of", "json", "-show_format", wav))["format"]

    assert format_info["duration"] == "1.000000"
    assert (format_info["tags"]["encoded_by"], format_info["tags"]["creation_time"]) == (
        "Wexcombe Radio",
        "06:58:03",
    )
    assert format_info["tags"]["time_reference"] == str((6 * 3600 + 58 * 60 + 3) * 48_000)


def test_exiftool_reads_the_bext_and_warns_of_nothing(wav):
    (tags,) = json.loads(run("exiftool", "-j", "-G1", wav))

    assert tags["RIFF:Originator"] == "Wexcombe Radio"
    assert not [name for name in tags if "Warning" in name or "Error" in name]


def test_sox_reads_the_whole_file(wav):
    assert run("sox", "--i", "-s", wav).strip() == b"48000"


@pytest.mark.parametrize("fmt", ["flac", "opus"])
def test_ffmpeg_decodes_to_the_exact_length(tmp_path, music, fmt):
    raw = run("ffmpeg", "-v", "error", "-xerror", "-i", encode(tmp_path, fmt, music), "-f", "s16le", "-")

    assert len(raw) == 4 * len(music)


@pytest.mark.parametrize("fmt", ["mp3", "opus"])
def test_ffprobe_shows_the_chapters(tmp_path, music, fmt):
    """FLAC is left out, because ffmpeg reads no chapters there."""
    chapters = json.loads(
        run("ffprobe", "-v", "error", "-of", "json", "-show_chapters", encode(tmp_path, fmt, music))
    )["chapters"]

    assert [(float(c["start_time"]), c["tags"]["title"]) for c in chapters] == [
        (0, "Opening ☔"),
        (1, "Bridge closes"),
    ]


def test_flacs_own_program_finds_no_fault(tmp_path, music):
    path = encode(tmp_path, "flac", music)

    run("flac", "--test", "--silent", "--warnings-as-errors", path)
    comments = run("metaflac", "--export-tags-to=-", path).decode().splitlines()
    assert "TITLE=7am news ☔" in comments
    assert "CHAPTER001NAME=Bridge closes" in comments
    assert run("metaflac", "--show-total-samples", path).strip() == str(len(music)).encode()


def test_opus_tools_find_no_fault(tmp_path, music):
    path = encode(tmp_path, "opus", music)

    info = run("opusinfo", path).decode()
    assert "WARNING" not in info
    assert "Playback length: 0m:02.500s" in info
    assert "TITLE=7am news ☔" in info
    run("opusdec", "--quiet", "--force-wav", path, tmp_path / "out.wav")
    # one more empty frame would be heard as a gap in a loop
    assert (tmp_path / "out.wav").stat().st_size - 44 == 4 * len(music)


def fields(text: bytes) -> dict[str, str]:
    """`Name : value` of every line."""
    pairs = (line.partition(" : ") for line in text.decode().splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}
