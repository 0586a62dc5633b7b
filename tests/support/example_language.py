"""The language that docs/LANGUAGES.md builds."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.printed_commands import ROOT

PAGE = (ROOT / "docs" / "LANGUAGES.md").read_text(encoding="utf-8")


def write_example_language(folder: Path) -> list[str]:
    """Write the files that the page prints into a folder of languages; their names."""
    files = re.findall(r"```toml\n# languages/(sv/\w+\.toml)\n(.*?)```", PAGE, re.DOTALL)
    for name, text in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [name for name, _ in files]
