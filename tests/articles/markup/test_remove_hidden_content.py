from __future__ import annotations

import pytest

from bulletin.articles.markup.html_to_text import inner_text, parse_html
from bulletin.articles.markup.remove_hidden_content import hidden_names, strip_hidden


def visible_text(markup: str) -> str:
    tree = parse_html(markup.encode())
    assert tree is not None
    strip_hidden(tree)
    return inner_text(tree)


@pytest.mark.parametrize(
    "node",
    [
        '<p style="display:none">secret</p>',
        '<p style="DISPLAY : NONE !important">secret</p>',
        '<p style="color:red;visibility:hidden">secret</p>',
        '<p style="font-size:0">secret</p>',
        '<p style="font-size: 0px;">secret</p>',
        '<p style="opacity:0">secret</p>',
        '<p style="position:absolute;left:-9999px">secret</p>',
        '<p style="text-indent:-1000em">secret</p>',
        '<p style="clip: rect(0,0,0,0)">secret</p>',
        '<p style="color:#fff;background:#FFFFFF">secret</p>',
        '<p style="color:white;background-color:#fff">secret</p>',
        "<p hidden>secret</p>",
        '<p aria-hidden="true">secret</p>',
        '<span class="sr-only">secret</span>',
        '<span class="label visually-hidden">secret</span>',
        "<!-- secret -->",
        "<script>secret</script>",
        "<template>secret</template>",
        "<noscript>secret</noscript>",
        '<script type="application/ld+json">{"articleBody": "secret"}</script>',
    ],
)
def test_hidden_content_is_removed_and_the_text_after_it_stays(node: str) -> None:
    assert visible_text(f"<div>before {node} after</div>") == "before after"


@pytest.mark.parametrize(
    "node",
    [
        '<p style="font-size:0.9em">seen</p>',
        '<p style="opacity:0.5;color:#000;background:#fff">seen</p>',
        '<p style="margin-left:-10px">seen</p>',
        '<p aria-hidden="false">seen</p>',
        '<article style="opacity:0">seen</article>',
        '<p style="line-height:0.5">seen</p>',
    ],
)
def test_visible_content_stays(node: str) -> None:
    assert visible_text(f"<div>{node}</div>") == "seen"


def test_a_page_hides_by_its_own_style_sheet() -> None:
    css = "<style>.hide, #ad { display: none } .teaser { color: red }</style>"

    markup = f'<html><head>{css}</head><body><p class="big hide">a</p><p id="ad">b</p><p class="teaser">c</p></body>'

    assert visible_text(markup) == "c"


def test_the_paid_part_of_an_article_stays_but_not_a_box_that_asks_for_money() -> None:
    words = "".join(f"<p>{'word ' * 25}</p>" for _ in range(3))
    part = f'<div class="wall" hidden>{words}</div>'
    box = f'<div class="wall" hidden><form>{words}</form></div><div class="wall" hidden><p>Pay.</p></div>'
    tree = parse_html(f"<div>before {part}{box} after</div>".encode())
    assert tree is not None

    strip_hidden(tree, paid=frozenset({"wall"}))

    assert inner_text(tree).split() == ["before", *["word"] * 75, "after"]


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
    assert hidden_names(css) == {f".{name}" for name in classes} | {f"#{name}" for name in ids}
