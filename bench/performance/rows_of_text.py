"""Rows of what comes before speech: start-up, fetch, parsing, extraction, script."""

from __future__ import annotations

from bench.performance.row_types import Comparison, Row, Way

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
