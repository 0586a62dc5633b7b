from __future__ import annotations

import pytest

from bulletin.language.text_in_two_scripts import explain_two_scripts, has_other_script


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("Der Dichter Пушкин schrieb.", "Cyrillic: Пушкин"),
        ("The firm 华为 said so.", "Chinese: 华为"),
        ("The poet مرحبا wrote.", "Arabic: مرحبا"),
        ("The poet Σωκράτης wrote.", "Greek: Σωκράτης"),
        ("The bаnk closes.", "Cyrillic: bаnk"),
    ],
)
def test_the_reason_names_the_other_script_and_its_words(text: str, scripts: str) -> None:
    assert explain_two_scripts(text) == f"text in two scripts (Latin, and {scripts})"


@pytest.mark.parametrize(
    "text", ["Beyoncé at 5 ºC", "5 µm and 5 μm", "Kelvin K, ﬁ, Ａ, x², ʻOkina", "the α and β"]
)
def test_signs_of_latin_text_are_no_other_script(text: str) -> None:
    assert not has_other_script(text)
