from __future__ import annotations

import json
import time

import pytest

from bulletin.articles.feeds.parse_feed import read_feed
from bulletin.articles.markup.shorten_huge_feeds import FIRST, LAST, truncate
from tests.articles.feed_texts import item, rss

MANY = 2_000
NUMBERS = [*range(FIRST), *range(MANY - LAST, MANY)]
NOTE = f"holds {MANY} entries, of which the first {FIRST} and the last {LAST} were read"


def entries_of(text: str) -> tuple[list[str], tuple[str, ...]]:
    document = read_feed(text.encode(), url="https://g.example/")
    return [entry.title for entry in document.entries], document.notes


ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>G</title>'
    + "".join(f"<entry>\n<title>Entry {n}</title><id>{n}</id></entry>" for n in range(MANY))
    + "</feed>"
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    "<channel rdf:about='c'><title>G</title><items><rdf:Seq><rdf:li rdf:resource='0'/></rdf:Seq></items></channel>"
    + "".join(f"<item rdf:about='{n}'><title>Entry {n}</title></item>" for n in range(MANY))
    + "</rdf:RDF>"
)
HIDDEN = rss(
    *(
        item(f"Entry {n}", n=n).replace(
            "<description>", "<description><![CDATA[<item>no</item>]]><!-- <item> -->"
        )
        for n in range(MANY)
    )
)
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": n, "title": f"Entry {n}"} for n in range(MANY)],
    }
)


@pytest.mark.slow
@pytest.mark.parametrize("text", [ATOM, RDF, HIDDEN, JSON], ids=["atom", "rdf", "hidden", "json"])
def test_both_ends_of_a_long_feed_are_read_and_it_stays_well_formed(text: str) -> None:
    titles, notes = entries_of(text)

    assert titles == [f"Entry {n}" for n in NUMBERS]
    assert notes == (NOTE,)


def test_a_feed_of_five_hundred_stays_as_it_is() -> None:
    text = rss(*(item(f"Entry {n}", n=n) for n in range(FIRST + LAST)))

    assert truncate(text) == (text, ())


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "<item>" + "<![CDATA[" * 200_000,
        "<item>" + "<!--" * 400_000,
        "<item>" * 300_000,
        "<item><![CDATA[]]>" * 100_000,
    ],
)
def test_shortening_is_linear_in_time(text: str) -> None:
    """A search for each end from the start would need minutes of CPU time."""
    began = time.process_time()

    truncate(text)

    assert time.process_time() - began < 3
