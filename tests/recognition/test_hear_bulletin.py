from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bulletin.recognition.hear_bulletin import sentences_on_air
from tests.support.factories import make_bulletin, make_passage, make_script, make_story_script


def test_each_sentence_is_heard_in_the_language_of_its_passage() -> None:
    german = make_passage("Zwölf Boote kamen an.", language="de")
    script = make_script(make_story_script(), replace(make_story_script(), cuts=(german,)))
    bulletin = make_bulletin(Path("a.mp3"), script)
    made = replace(bulletin.renditions[0], aired=bulletin.aired)

    heard = list(sentences_on_air(replace(bulletin, renditions=(made,))))

    assert [(item.language, item.is_english) for item in heard] == [
        ("en-GB", True),
        ("en-GB", True),
        ("de", False),
        ("en-GB", True),
    ]
    assert heard[2].sentence.text == german.text
