"""What is measured: a row is a job that several ways do, alternately, in new processes."""

from __future__ import annotations

from bench.performance.row_types import Comparison, Row, Way
from bench.performance.rows_of_text import EXTRACT, FETCH, PARSE, SCRIPT, START

SPEECH = Row(
    key="speech",
    title="Speech",
    module="speech",
    prepare=("draft",),
    ways=(
        Way(name="ours", title="Bulletin: voice, cleaning and level, cache, clips"),
        Way(name="voice", title="the embedded voice alone on the same sentences"),
    ),
    comparisons=(
        Comparison(
            job="2:00 spoken by the embedded voice",
            ours="ours",
            limits=("voice",),
            because="the voice alone, with its import and its model",
        ),
    ),
    about="The demo's bulletin of 2:00, with an empty cache; counted from the first sentence, the voice's import and "
    "model included.",
)
MIX = Row(
    key="mix",
    title="Mix and encode",
    module="mix",
    prepare=("mix_inputs:prepare",),
    ways=(
        Way(name="ours", title="Bulletin, verified and examined"),
        Way(name="limit", title="LAME alone on the finished samples"),
        Way(name="mix_peers:naive_lame", title="pydub: `+`, `overlay`, then LAME in the process"),
        Way(name="mix_peers:naive", title="pydub: `+`, `overlay`, `export`", needs="ffmpeg"),
        Way(name="mix_peers:ffmpeg", title="one ffmpeg graph, two-pass loudnorm", needs="ffmpeg"),
        Way(name="mix_peers:babbel", title="two loudnorm runs a story, one mix", needs="ffmpeg"),
        Way(name="three", title="WAV and two MP3s, verified and examined"),
        Way(name="limit3", title="LAME alone on both MP3s"),
    ),
    comparisons=(
        Comparison(
            job="3:00, one podcast",
            ours="ours",
            limits=("limit",),
            because="LAME alone on the same samples",
            peers=("naive_lame", "naive", "ffmpeg", "babbel"),
            without=("ours.verify_s",),
            without_what="the examination",
        ),
        Comparison(
            job="3:00, WAV and two MP3s",
            ours="three",
            limits=("limit3",),
            because="LAME alone for both MP3s",
            without=("three.verify_s",),
            without_what="the examination",
        ),
    ),
    about="Clips are spoken before. Only Bulletin ducks, levels, limits, and decodes the finished file to measure "
    "and examine it.",
)
HOUR = Row(
    key="hour",
    title="Sixty minutes",
    module="mix",
    prepare=("mix_inputs:prepare", "mix_inputs:lengthen"),
    ways=(
        Way(name="ours", title="Bulletin, verified and examined"),
        Way(name="limit", title="LAME alone on the finished samples"),
    ),
    comparisons=(
        Comparison(
            job="60:00, one podcast",
            ours="ours",
            limits=("limit",),
            because="LAME alone on the same samples",
            without=("ours.verify_s",),
            without_what="the examination",
        ),
        Comparison(
            job="memory for 60:00",
            ours="ours.memory_mb",
            limits=("limit.memory_mb",),
            because="LAME alone, ten seconds at a time",
            unit="MB",
        ),
    ),
    about="The same clips again and again.",
    runs=1,
)
BULLETIN = Row(
    key="bulletin",
    title="A complete bulletin",
    module="bulletin",
    prepare=("first", "forget", "prepare", "modules"),
    ways=(
        Way(name="cold", title="`bulletin make`, an empty speech cache"),
        Way(name="warm", title="`bulletin make` again, all sentences in the cache"),
        Way(name="voice", title="the embedded voice alone"),
        Way(name="lame", title="LAME alone"),
        Way(name="feeds", title="feedparser alone"),
        Way(name="imports", title="import of the libraries alone"),
    ),
    comparisons=(
        Comparison(
            job="2:00 from feeds to episode, cold",
            ours="cold",
            limits=("voice", "lame", "feeds", "imports"),
            because="voice, LAME, feedparser and the imports, each alone, added",
            without=("cold.report_s",),
            without_what="the quality report",
        ),
        Comparison(
            job="the same, warm",
            ours="warm",
            limits=("lame", "feeds", "imports"),
            because="LAME, feedparser and the imports, each alone, added",
            without=("warm.report_s",),
            without_what="the quality report",
        ),
        Comparison(
            job="memory of a bulletin, cold",
            ours="cold.memory_mb",
            limits=("voice.memory_mb",),
            because="the voice alone",
            unit="MB",
        ),
        Comparison(
            job="memory of a bulletin, warm",
            ours="warm.memory_mb",
            limits=("imports.memory_mb",),
            because="import of the libraries alone",
            unit="MB",
        ),
    ),
    about="The demo's feeds, the podcast alone, a new process as a scheduler starts it. The station has made a bulletin "
    "before: its pictures and jingles exist.",
    runs=7,
)
SERVICE = Row(
    key="service",
    title="The service's hour",
    module="service",
    ways=(Way(name="hours", title="one station, then ten, in one process"),),
    comparisons=(
        Comparison(
            job="an hour of one station",
            ours="hours.one_s",
            limits=("hours.lame_s",),
            because="LAME alone for its two minutes",
        ),
        Comparison(
            job="an hour of each further station",
            ours="hours.more_s",
            limits=("hours.lame_s",),
            because="LAME alone for its two minutes",
        ),
        Comparison(
            job="memory of the service",
            ours="hours.memory_mb",
            limits=("hours.bare_mb",),
            because="the same process before its first bulletin",
            unit="MB",
        ),
    ),
    about="An hourly station of 2:00 (FM as WAV, podcast as MP3, embedded voice) with 20 feeds on a loopback server and "
    "a simulated clock. Half of the feeds have two new entries an hour, whose pages are fetched. Five hours are not "
    "counted. Pipeline, stand-bys, ledger and files are real.",
    runs=1,
)
PIECES = Row(
    key="pieces",
    title="Pieces of work in a running process",
    module="pieces",
    ways=(
        Way(name="pieces", title="stations one after another in one process"),
        Way(name="shared", title="mixes around a shared body, and whole ones"),
    ),
    comparisons=(
        Comparison(
            job="one station more, its sentences known",
            ours="pieces.station_s",
            limits=("pieces.lame_s",),
            because="LAME alone for its two minutes",
        ),
        Comparison(
            job="a mix around a shared body",
            ours="shared.joined_s",
            limits=("shared.whole_s",),
            because="the whole mix of the same bulletin",
        ),
    ),
    about="Stations that share their feeds make a bulletin of 2:00 (podcast alone) one after another in one process that "
    "has everything loaded: what a worker of a group pays for each piece. `python -m bench.capacity` counts with "
    "these figures.",
    runs=1,
)
DATABASE = Row(
    key="database",
    title="The database of a group",
    module="database",
    ways=(
        Way(name="pieces", title="1,000 drafts and their mixes through ledger and queue", needs="pg_isready"),
        Way(
            name="needs",
            title="300 drafts that need 20 feeds, mixes that need 25 sentences",
            needs="pg_isready",
        ),
        Way(name="waits", title="the same, mixes that need 250 sentences", needs="pg_isready"),
        Way(name="commits", title="four bare transactions of one row for each piece", needs="pg_isready"),
        Way(name="publications", title="a bulletin published and recorded", needs="pg_isready"),
    ),
    comparisons=(
        Comparison(
            job="a piece of work in PostgreSQL",
            ours="pieces.server_ms",
            limits=("commits.server_ms",),
            because="planned, sent, claimed and finished as bare transactions",
            unit="CPU ms",
        ),
        Comparison(
            job="the same in the worker",
            ours="pieces.client_ms",
            limits=("commits.client_ms",),
            because="psycopg alone",
            unit="CPU ms",
        ),
    ),
    about="A PostgreSQL on a socket of its own, each commit on the disk (`fsync = on`). For each piece: CPU milliseconds "
    "of all processes of the server and of the worker, bytes of its write-ahead log, rows, transactions.",
    runs=1,
)
ROWS = {
    row.key: row
    for row in (START, FETCH, PARSE, EXTRACT, SCRIPT, SPEECH, MIX, HOUR, BULLETIN, SERVICE, PIECES, DATABASE)
}
