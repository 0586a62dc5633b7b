"""A complete bulletin, from feeds to episode, and each of its limits alone."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.performance.ways.mix import watch_listening
from bench.processes import QUICK, note, run_way, watch_stretches

# Each process imports only the modules that it needs, because imports count.
if TYPE_CHECKING:
    from bulletin.runtime.read_sound_file import Samples

KBPS = 128
RATE_HZ = 44_100
OURS = "bulletin"
ELSEWHERE = ("bench", "hibari", "onnxruntime", "feedparser", "lameenc")
"""The benchmark, and libraries that the other limits import."""


def first(folder: Path) -> None:
    """The station, and its first bulletin, from which the voice's pace is known."""
    _write_profile(folder)
    road(folder)


def prepare(folder: Path) -> None:
    """Walk the road again, and lay down what the limits work on: sentences and samples."""
    import numpy as np

    from bulletin.audio.formats import encoders
    from bulletin.audio.formats.mp3_encoder import Mp3Encoder, lame_gain
    from bulletin.speech.engines.hibari_offline_voice import HibariEngine

    sentences: list[str] = []
    say = HibariEngine.synthesize

    def tapped_say(self: HibariEngine, text: str, *args: Any) -> None:
        sentences.append(text)
        say(self, text, *args)

    HibariEngine.synthesize = tapped_say  # type: ignore[method-assign]
    with (folder / "samples.raw").open("wb") as out:

        class Tapped(Mp3Encoder):
            def write(self, block: Samples) -> None:
                whole = np.rint(block * np.float32(32767.0 * lame_gain(KBPS)))
                out.write(np.clip(whole, -32768, 32767).astype("<i2").tobytes())
                super().write(block)

        encoders.Mp3Encoder = Tapped  # type: ignore[attr-defined]
        road(folder)
    (folder / "sentences.json").write_text(json.dumps(sentences), encoding="utf-8")


def list_modules(folder: Path) -> None:
    """
    Run the pipeline once more under PYTHONPROFILEIMPORTTIME, and store the list of its imports.

    All sentences lie in the cache by now, so what the voice needs is not among it: its own limit has that.
    """
    road(folder)
    sys.stderr.flush()
    (folder / "modules.json").write_text(json.dumps(_imported(folder / "stderr")), encoding="utf-8")


def road(folder: Path) -> None:
    """The command line, as a station's scheduler starts it; recorded are the cost of the report and the spoken sentences."""
    from bulletin.cli.main import main, spare_collector

    # Before the imports, as the command does it, which has them too.
    spare_collector()
    from bulletin.pipeline import mix_and_check_bulletin

    examine = mix_and_check_bulletin.check_quality
    listened = watch_listening()
    spent_s = 0.0

    def timed(bulletin: Any, **limits: Any) -> Any:
        nonlocal spent_s
        began = time.process_time()
        examined = examine(bulletin, **limits)
        spent_s += time.process_time() - began
        spent_s += sum(made.quality.seconds for made in bulletin.renditions if made.quality)
        return examined

    mix_and_check_bulletin.check_quality = timed
    stretches = watch_stretches()
    known = _sentences(folder)
    length, voice = ("0:30", "tone") if (folder / QUICK).exists() else ("2:00", "hibari")
    profile = str(folder / "feeds" / "demo.toml")
    sys.argv = ["bulletin", "make", profile, "--json", "--at", "07:00", "--voice", voice]
    sys.argv += ["--length", length, "--output", str(folder / "output")]
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            main()
        except SystemExit as end:
            if end.code:
                raise SystemExit(output.getvalue()) from end
    sentence_count = _sentences(folder) - known
    note(
        folder,
        report_s=spent_s,
        listen_s=listened[0],
        sentences=sentence_count,
        stretch=stretches[0],
        **{f"{stage}_wall_s": value for stage, value in json.loads(output.getvalue())["timings_s"].items()},
    )


def forget(folder: Path) -> None:
    """Delete the spoken sentences; the pace of the voice, in the same folder, stays."""
    import shutil

    for part in (folder / "output" / ".bulletin" / "speech").iterdir():
        if part.is_dir():
            shutil.rmtree(part)


def cold(folder: Path) -> None:
    """With an empty speech cache."""
    forget(folder)
    road(folder)


def warm(folder: Path) -> None:
    """With all sentences in the cache: those that the last run spoke."""
    road(folder)


def _sentences(folder: Path) -> int:
    """So many lie in the speech cache."""
    return sum(1 for path in (folder / "output" / ".bulletin" / "speech").glob("*/*.wav"))


def voice(folder: Path) -> None:
    """The embedded engine, its model and lexicons; the sound is thrown away."""
    from hibari import Hibari

    model = Hibari(voice="heart", threads=1)
    for sentence in json.loads((folder / "sentences.json").read_text(encoding="utf-8")):
        for _ in model.stream(sentence, speed=1.0, seed=0):
            pass


def lame(folder: Path) -> None:
    """LAME with our settings, ten seconds at a time."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(KBPS)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_out_sample_rate(RATE_HZ)
    encoder.set_channels(2)
    encoder.set_quality(3)
    with (folder / "samples.raw").open("rb") as source, (folder / "lame.mp3").open("wb") as out:
        while block := source.read(RATE_HZ * 4 * 10):
            out.write(encoder.encode(block))
        out.write(encoder.flush())


def feeds(folder: Path) -> None:
    """feedparser on the same files, with the options that we give it."""
    import feedparser

    for path in sorted((folder / "feeds" / "demo").iterdir()):
        if path.suffix in (".rss", ".atom", ".xml"):
            feedparser.parse(io.BytesIO(path.read_bytes()), sanitize_html=False, resolve_relative_uris=False)


def imports(folder: Path) -> None:
    """The libraries that the road's processes imported, in one."""
    _import(name for name in _modules(folder) if name.split(".")[0] != OURS)


def all_imports(folder: Path) -> None:
    """Everything that the road's processes imported, our own modules too."""
    _import(_modules(folder))


def _modules(folder: Path) -> list[str]:
    names: list[str] = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    return names


def _import(names: Iterable[str]) -> None:
    import importlib
    import warnings

    warnings.simplefilter("ignore")
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _write_profile(folder: Path) -> None:
    """The demo, with the podcast's rendition alone."""
    import re
    import shutil

    from bulletin.config.load_profile import load_profile

    source = load_profile("demo").path
    shutil.copytree(source.parent / "demo", folder / "feeds" / "demo")
    text = source.read_text(encoding="utf-8")
    alone, count = re.subn(r"(?m)^make = \[.*?\]", 'make = ["podcast"]', text)
    if not count:
        raise SystemExit("feeds/demo.toml: has no line `make = [...]`")
    (folder / "feeds" / "demo.toml").write_text(alone, encoding="utf-8")


def _imported(importtime: Path) -> list[str]:
    """Modules by the report of PYTHONPROFILEIMPORTTIME, as they were imported."""
    names = (line.rpartition("|")[2].strip() for line in importtime.read_text("utf-8").splitlines())
    return [
        name
        for name in dict.fromkeys(names)
        if name.isascii() and name.replace(".", "_").isidentifier() and name.split(".")[0] not in ELSEWHERE
    ]


if __name__ == "__main__":
    ways = (first, forget, prepare, cold, warm, voice, lame, feeds, imports)
    run_way({way.__name__: way for way in ways} | {"modules": list_modules})
