"""What is measured: a row is a job that several ways do, alternately, in new processes."""

from __future__ import annotations

from dataclasses import dataclass

WAYS = "bench.performance.ways"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to do a job."""

    name: str
    """Argument of its module; `module:name` if it is not the row's module."""
    title: str
    needs: str = ""
    """Program without which the way is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A line of the first table: one way against its limit."""

    job: str
    ours: str
    """A way, for its CPU seconds, or `way.figure`. Likewise below."""
    limits: tuple[str, ...]
    """Their sum is the limit."""
    because: str
    """What the limit is."""
    peers: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    """Figures to take off for a second ratio: work that the limit does not do."""
    without_what: str = ""
    unit: str = "CPU s"
    per: str = ""
    """A figure to divide by: the number of items, for example."""
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Ways that share a folder and its preparation."""

    key: str
    title: str
    module: str
    prepare: tuple[str, ...] = ()
    """Ways that run once before, uncounted."""
    ways: tuple[Way, ...]
    comparisons: tuple[Comparison, ...]
    about: str
    """How it is measured, for the page."""
    runs: int = 5


START = Row(
    key="start",
    title="Start-up",
    module="start",
    prepare=("station", "station"),
    ways=(
        Way(name="bare", title="Python alone"),
        Way(name="version", title="`bulletin --version`"),
        Way(name="click", title="Python and click alone"),
        Way(name="station", title="everything imported, the demo's station opened"),
        Way(name="imports", title="the same foreign modules imported, nothing else"),
    ),
    comparisons=(
        Comparison(
            job="`bulletin --version`",
            ours="version",
            limits=("click",),
            because="Python with its library for commands",
        ),
        Comparison(
            job="ready to make a bulletin",
            ours="station",
            limits=("imports",),
            because="import of the libraries that this needs",
        ),
    ),
    about="The demo's profile is read, all modules of `bulletin make` are imported and the station is opened; its "
    "picture and jingles were made before.",
    runs=9,
)
FETCH = Row(
    key="fetch",
    title="Fetch of 300 feeds",
    module="fetch",
    ways=(
        Way(name="ours", title="Bulletin's fetcher: address checks, limits, politeness"),
        Way(name="sockets", title="raw sockets in one thread"),
        Way(name="client", title="httpx2's client, as many at once"),
        Way(name="urllib", title="urllib, one by one (as `feedparser.parse(address)`)"),
    ),
    comparisons=(
        Comparison(
            job="300 feeds of 20 kB fetched",
            ours="ours",
            limits=("sockets",),
            because="raw sockets: connect, ask, read",
            peers=("client", "urllib"),
        ),
        Comparison(
            job="the same, time by the clock",
            ours="ours.wall_s",
            limits=("sockets.wall_s",),
            because="raw sockets, as many at once",
            peers=("client.wall_s", "urllib.wall_s"),
            unit="s",
        ),
    ),
    about="300 hosts (addresses of the loopback network), each of which answers after 50 ms; 16 connections at once, "
    "the profile's default. The import of httpx2 counts; the server is another process and does not.",
)
PARSE = Row(
    key="parse",
    title="Parsing",
    module="reading",
    ways=(
        Way(name="parse", title="Bulletin: parser process, clean-up, articles with dates and identity"),
        Way(name="feedparser", title="feedparser alone, with the options that Bulletin gives it"),
        Way(name="lxml", title="lxml alone: a tree, no entries"),
        Way(name="feedparser_default", title="feedparser with its default options"),
    ),
    comparisons=(
        Comparison(
            job="recorded feeds → articles",
            ours="parse",
            limits=("feedparser",),
            because="feedparser alone",
            peers=("feedparser_default",),
        ),
        Comparison(
            job="the same, against a bare parser",
            ours="parse",
            limits=("lxml",),
            because="lxml alone, which finds no entry",
        ),
    ),
    about="48 recorded feeds of publishers, or the demo's sixteen times where these are missing. "
    "feedparser reads damaged feeds; lxml does not.",
)
EXTRACT = Row(
    key="extract",
    title="Extraction",
    module="reading",
    ways=(
        Way(name="extract", title="Bulletin: hidden nodes, teasers, three candidates, gate"),
        Way(name="trafilatura", title="trafilatura alone, with precision"),
        Way(name="trafilatura_default", title="trafilatura with its default options"),
        Way(name="html", title="lxml alone: a tree, no text"),
    ),
    comparisons=(
        Comparison(
            job="article pages → texts",
            ours="extract",
            limits=("trafilatura",),
            because="trafilatura alone, which Bulletin calls",
            peers=("trafilatura_default",),
        ),
        Comparison(
            job="the same, against a bare parser",
            ours="extract",
            limits=("html",),
            because="lxml alone, which finds no text",
        ),
    ),
    about="112 recorded pages of publishers, or generated pages where these are missing.",
)
SCRIPT = Row(
    key="script",
    title="Script",
    module="script",
    prepare=("sentences",),
    ways=(
        Way(name="rules", title="1,000 items without the grammar parser"),
        Way(name="words", title="sentences and words of the same texts found once"),
        Way(name="parser", title="100 items with the grammar parser"),
        Way(name="spacy", title="spaCy alone on the sentences that were parsed"),
    ),
    comparisons=(
        Comparison(
            job="1,000 items by rule",
            ours="rules",
            limits=("words",),
            because="each sentence and word found once by regular expressions; no tool does the job with less",
        ),
        Comparison(
            job="100 items with the parser",
            ours="parser",
            limits=("spacy",),
            because="spaCy alone on the same sentences, its start included",
        ),
    ),
    about="The project's openly licensed articles, each with a number, so that no cache has them.",
)
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
    ways=(Way(name="pieces", title="stations one after another in one process"),),
    comparisons=(
        Comparison(
            job="one station more, its sentences known",
            ours="pieces.station_s",
            limits=("pieces.lame_s",),
            because="LAME alone for its two minutes",
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
