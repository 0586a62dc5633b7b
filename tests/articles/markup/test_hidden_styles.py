from __future__ import annotations

import pytest

from bulletin.articles.markup.hidden_styles import hidden_names


@pytest.mark.parametrize(
    ("css", "classes", "ids"),
    [
        (".hide { display: none; }", {"hide"}, set()),
        ("p.hide,#ad{visibility:hidden}", {"hide"}, {"ad"}),
        ("/* .a{} */ .b{color:red} .c{left:-9999px;position:absolute}", {"c"}, set()),
        ("@import 'x.css'; .hide{display:none}", {"hide"}, set()),
        ("@media print { .nav { display:none } } .hide{display:none}", {"hide"}, set()),
        (".js .text { display:none }", set(), set()),
        (".text:before { display:none }", set(), set()),
        (".never-closed { display:none", set(), set()),
        ("}}} .hide{display:none}", {"hide"}, set()),
        ("/* never closed .hide{display:none}", set(), set()),
    ],
)
def test_simple_rules_that_hide_are_found(css: str, classes: set[str], ids: set[str]) -> None:
    assert hidden_names(css) == (classes, ids)
