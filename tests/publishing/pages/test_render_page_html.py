"""Templates of the pages: compiled once for all runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from bulletin.publishing.pages.render_page_html import _TemplateCache


@pytest.mark.parametrize("is_usable", [True, False])
def test_compiled_templates_are_kept_where_the_folder_can_be_used(tmp_path: Path, is_usable: bool) -> None:
    folder = tmp_path / "cache" / "pages"
    if not is_usable:
        folder.parent.write_text("a file where the folder should be", encoding="utf-8")

    for _ in range(2):
        environment = Environment(
            loader=DictLoader({"hour": "News at {{ hour }}"}),
            autoescape=True,
            bytecode_cache=_TemplateCache(str(folder)),
        )
        assert environment.get_template("hour").render(hour=7) == "News at 7"

    assert len(list(folder.glob("*"))) == int(is_usable)
