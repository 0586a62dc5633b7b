"""Answers -> a commented profile, for `bulletin init`; pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileAnswers:
    """What must be asked of a station; everything else has a default."""

    name: str
    frequencies: tuple[str, ...] = ()
    slogan: str = ""
    language: str = "en-GB"
    time_zone: str = "Europe/London"
    length: str = "2:00"
    feeds: tuple[str, ...] = ()


def write_profile(answers: ProfileAnswers) -> str:
    """The TOML text of a profile, with a comment at every option that an engineer may want."""
    fields = {
        "name": quote(answers.name),
        "frequencies": quote_all(answers.frequencies),
        "slogan": quote(answers.slogan),
        "language": quote(answers.language),
        "time_zone": quote(answers.time_zone),
        "length": quote(answers.length),
    }
    head = _HEAD.format_map(fields)
    feeds = "".join(_FEED.format(url=quote(url)) for url in answers.feeds) or _NO_FEED
    return head + feeds + _TAIL


def quote(text: str) -> str:
    """A TOML basic string; JSON's rules are a subset of TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def quote_all(texts: Sequence[str]) -> str:
    return "[" + ", ".join(quote(text) for text in texts) + "]"


_HEAD = """\
# A station's profile. `bulletin check` proves it, `bulletin make` uses it.
# Lines that begin with # show options: a default, or an example. feeds/demo.toml shows every group.

name = {name}
frequencies = {frequencies}          # as written: ["103.5", "105.3"]
# band = "FM"                        # FM, AM, MW, DAB or ""
slogan = {slogan}
language = {language}
time_zone = {time_zone}
length = {length}                    # minutes:seconds, from 0:30 to 10:00
# opml = "feeds.opml"                # a feed list beside or in place of [[feeds]]
# languages = "languages"            # a language of your own, docs/LANGUAGES.md
# lexicon = "names.toml"             # more pronunciations in a file of their own: a table [names]

# The right to broadcast a publisher's words is yours to obtain: write down what you agreed.
"""

_FEED = """
[[feeds]]
url = {url}
# name = "gazette"                   # short and unique
# credit = "the Wexcombe Gazette"    # as credited in words
# terms = ""                         # what the publisher allows, or where it says so
# weight = 1.0                       # how much you trust it, 0 to 10
# category = "news"                  # news, local, world, business ...; sport, travel, weather are sections
"""

_NO_FEED = """
# `bulletin feeds add https://www.example.org/ --station THIS` finds a site's feed and writes it here.
# [[feeds]]
# url = "https://www.example.org/news/rss.xml"
# credit = "the Example"
"""

_TAIL = """
# [clock]
# holidays = "GB-ENG"                # whose public holidays "holidays" means

# [[clock.slots]]                    # when it is on air, by `bulletin serve`; as many as you like (docs/CLOCK.md)
# at = "06:00-19:00"                 # every hour, both ends included
# days = "weekdays"

[stories]
# max_age_h = 24                     # hours; nothing older is spoken
# per_source = 3                     # stories from one feed
# per_category = 4                   # stories of one category
local_words = []                     # names of your patch: they lift a story
kill = []                            # words, links or ids that never air

[script]
# headlines = 3                      # after the opening
# credit_sources = false             # name the publisher in words
# time_check = true
# disclosure = "..."                 # says that the voice is synthetic; "" for none

[speech]
chain = ["gtts", "hibari"]           # the first engine that can, speaks the whole bulletin
# speed = 1.0                        # 1.1 is a tenth faster

[pronunciations]                     # as written = as said
# "Wexcombe" = "Wecks-cum"           # "" is a comment: read as printed, not listed by `bulletin names`
# "Frome" = { said = "Froom", phonemes = "fɹˈuːm" }     # IPA, for hibari and kokoro

[imaging]
# style = "bright"                   # our jingles: bright, serious, night
# folder = "jingles"                 # or a set of `bulletin imaging make`, or your ident.wav, bed.mp3 ...
# ident = "jingles/ident.wav"        # or file by file, relative to this one; "none": none
# ident_mix_s = 4.2                  # speech may start here; found by ear when not given
# bed = "jingles/bed.wav"
# sting = "jingles/sting.wav"        # closing, sport, weather, travel likewise
# artwork = "artwork.jpg"            # square, 1400 to 3000 pixels
# colour = "#c8102e"

[audio]
# gap_s = 0.6                        # seconds of breath between stories
# when_short = "shorter"             # too little news: a shorter bulletin; "fill": the bed plays on

[outputs]
# make = ["podcast"]                 # and "fm", a WAV for the playout; "speaker"; "stories", a file a story

[outputs.podcast]
# loudness_lufs = -16.0
# bitrate_kbps = 128
# base_url = "https://www.example.org/news/"   # where output/<station>/ will be reached
# email = "news@example.org"
# keep_h = 48                        # hours that an episode stays in the feed; then it is on a page behind it
# hub = "https://pubsubhubbub.appspot.com/"    # WebSub: apps hear of a bulletin at once

[stream]                             # at its slot on the station's live stream (docs/LIVE.md)
# url = "http://127.0.0.1:8000/radio.mp3"      # a mount of Icecast or Liquidsoap; its password = "env:NAME"

[pull]                               # who may fetch /stations/<station>/bulletin.wav (docs/SERVING.md)
# networks = ["192.168.1.0/24"]
# token = "env:NAME"                 # for whoever asks from elsewhere

[outputs.page]
on = true                            # pages for listeners beside the podcast: index.html, days/, player.html
# stream = "https://..."             # the live stream
# speaker = "Alexa, ..."             # what listeners say to a smart speaker
# links = [{ name = "Apple Podcasts", url = "https://..." }]
"""
