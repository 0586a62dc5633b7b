"""
Claims of sentences hold between processes and machines, by the clock of the archive.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from datetime import timedelta

from bulletin.archive.ledgers.claim_sentences_before_speaking import LEASE, SpeechLedger
from tests.archive.conftest import Opener


def test_of_two_runs_one_speaks_a_sentence_until_its_lease_ends(open_archive: Opener) -> None:
    one, two = open_archive(), open_archive()
    first, second = SpeechLedger(one, owner="one"), SpeechLedger(two, owner="two")

    assert first.claim(["b", "a"]) == {"a", "b"}
    assert second.claim(["a", "b", "c"]) == {"c"}
    assert first.claim(["a"]) == {"a"}

    first.close(["a"], ["b"])
    assert second.claim(["a", "b"]) == {"a", "b"}
    later = SpeechLedger(one, owner="one", now=lambda: two.now() + LEASE + timedelta(seconds=1))
    assert later.claim(["a"]) == {"a"}
