from __future__ import annotations

import pytest

from bulletin.editing.boilerplate.strip_boilerplate import close_loose, strip_boilerplate

NEWS = """\
The ferry over the Wex at Hallam Bridge will stop for good in March. The county council said fewer than forty \
people a day had used it since the new road opened.

Councillors voted by nine to four to end the service on Tuesday. The leader of the council, Joan Pike, said the \
money would go to the evening buses instead.

The ferry has crossed the river since 1874. Its last boat will be given to the museum in Brenford."""

SENTENCES = tuple(line for line in NEWS.splitlines() if line)


def cleaned_text(text: str, title: str = "Ferry to stop after 150 years") -> str:
    return " ".join(strip_boilerplate(text, title=title))


def test_news_passes_untouched() -> None:
    assert strip_boilerplate(NEWS) == SENTENCES


@pytest.mark.parametrize(
    "line",
    [
        "Read more:",
        "Read more: Bus routes to change in spring",
        "READ MORE | Bus routes to change in spring.",
        "Related articles",
        "Sign up to our free newsletter and get the news in your inbox every morning.",
        "Follow us on Facebook and Twitter.",
        "Please log in to leave a comment.",
        "Rate this item",
        "(0 votes)",
        "Share this article",
        "HOW TO LISTEN",
        "103.5 & 105.3FM",
        "Smart Speaker",
        "By Tom Hale, local democracy reporter",
        "Published: 24 November 2026 at 10:42",
        "24 November 2026",
        "Image: The ferry at Hallam Bridge (Photo: Ann Fox)",
        "The ferry at Hallam Bridge on Monday. Picture: Ann Fox/Getty Images.",
        "Media caption The boat has two engines.",
        "This article was first published on Tuesday and has been updated.",
        "We use cookies to improve this site.",
        "© 2026 Valley Press. All rights reserved.",
        "Advertisement",
        "Story continues below",
        "Click here to see the map.",
        "Scroll down for video.",
        "Tags: ferry, river, council",
        "Have you got a story? Email the editor at news@valleypress.example.",
        "Additional reporting by Ann Fox.",
        "Your browser does not support this video.",
        "@ValleyPress: Sad day for the valley (@hallambridge)",
    ],
)
@pytest.mark.parametrize("position", ["first", "middle", "last"])
def test_a_line_of_page_furniture_is_removed(line: str, position: str) -> None:
    first, rest = NEWS.split("\n\n", 1)
    parts = {"first": (line, first, rest), "middle": (first, line, rest), "last": (first, rest, line)}[
        position
    ]

    sentences = strip_boilerplate("\n\n".join(parts))

    assert sentences == SENTENCES


@pytest.mark.parametrize(
    "opening",
    [
        "By Tom Hale: ",
        "HALLAM BRIDGE, England (Reuters) - ",
        "BRENFORD (PA) — ",
        "BRENFORD, Nov 24 (AP) -- ",
        "Valley Gazette – ",
        "Last updated at 3:31 PM on 19th July 2026 . ",
        "By . Tom Hale . PUBLISHED: . 12:00 EST, 27 December 2026 . | . UPDATED: . 20:48 EST, 27 December 2026 . ",
        "(Eds: Adds quotes) By Tom Hale Brenford, Nov 24 (PTI) ",
        "An anonymous reader quotes a report from the Valley Gazette: ",
    ],
)
def test_byline_time_and_agency_are_removed_from_the_front(opening: str) -> None:
    assert strip_boilerplate(opening + NEWS)[0] == SENTENCES[0]


def test_links_inside_the_text_are_removed() -> None:
    text = NEWS.replace("\n\n", " ").replace(
        "Councillors voted", "Read more: New buses to run by springCouncillors voted"
    )

    cleaned = cleaned_text(text)

    assert "buses to run by spring" not in cleaned
    assert "used it since the new road opened." in cleaned


def test_a_list_of_links_after_its_heading_is_removed() -> None:
    links = "Read more:\nCouncil to sell the boathouse\nWhat the valley thinks of its buses"

    cleaned = cleaned_text(NEWS.replace("The ferry has crossed", f"{links}\n\nThe ferry has crossed"))

    assert "boathouse" not in cleaned
    assert "The ferry has crossed the river since 1874." in cleaned


def test_the_article_ends_at_the_heading_of_the_comments() -> None:
    comments = "3 Comments\nTom: A sad day for all of us here. My father ran that boat."

    assert cleaned_text(f"{NEWS}\n\n{comments}") == " ".join(SENTENCES)


def test_the_title_is_not_repeated() -> None:
    assert cleaned_text(f"Ferry to stop after 150 years\n\n{NEWS}") == " ".join(SENTENCES)


def test_a_repeated_sentence_is_removed() -> None:
    assert cleaned_text(f"{NEWS}\n\n{NEWS}") == " ".join(SENTENCES)


def test_a_truncated_end_is_removed() -> None:
    assert cleaned_text(f"{NEWS} The boat was built by… [+1240 chars]") == " ".join(SENTENCES)


def test_a_short_item_gets_its_full_stop() -> None:
    summary = "The ferry over the Wex at Hallam Bridge will stop in March"

    assert strip_boilerplate(summary) == (f"{summary}.",)


@pytest.mark.parametrize("text", ["", " \n\n ", "Home", "•", "Share\nTweet\nPrint", "😀😀😀", "\u202e\u200b"])
def test_a_text_without_sentences_is_empty(text: str) -> None:
    assert strip_boilerplate(text) == ()


def test_words_about_media_do_not_make_news_boilerplate() -> None:
    text = (
        "The council will read the report on the river next week. Police follow every lead in the case. "
        "The library will share its building with the bank. Ministers want supermarkets to list calories. "
        "The firm makes cookies for export. The picture was painted in 1902 and shows the bridge at dawn. "
        "The paper has comment from both sides."
    )

    assert strip_boilerplate(text) == (text,)


@pytest.mark.parametrize(
    "sentence",
    [
        "The ferrymen now have more than a million followers on Facebook and Twitter.",
        "The mayor apologised on Instagram, where she had posted the picture.",
        "The ferry firm was told to withdraw its poster by the Advertising Standards Authority.",
        "The council has stopped all its advertising on the buses.",
        "The diary was first published in 1902 by a printer in Brenford.",
        "The council changed the privacy policy of its library cards on Monday.",
        "Pupils were asked to sign up to the new rules of the school.",
        "The plan means that passengers will be able to buy tickets on the boat.",
        "She was the first woman to become a member of the rowing club.",
        "Google has taken the game out of Google Play.",
        "A dossier compiled by the union was read to councillors.",
    ],
)
def test_news_about_pages_and_posts_is_news(sentence: str) -> None:
    assert sentence in cleaned_text(f"{sentence} {NEWS}")


@pytest.mark.parametrize(
    "sentence",
    [
        "Follow the Valley Gazette on Facebook, Twitter and Instagram.",
        "Valley Gazette is on Facebook, Twitter and Instagram.",
        "Want the news first? Get the app on Google Play.",
        "If you have a story, get in touch.",
        "Buy tickets for the boat race here.",
        "Our privacy policy has changed.",
    ],
)
def test_an_appeal_to_the_reader_is_removed(sentence: str) -> None:
    assert sentence not in cleaned_text(f"{NEWS}\n\n{sentence}")


def test_a_position_in_a_picture_is_removed() -> None:
    text = NEWS.replace("Joan Pike, said", "Joan Pike, pictured left, said").replace(
        "museum", "museum (right)"
    )

    assert strip_boilerplate(text) == SENTENCES


def test_a_picture_credit_is_removed_without_the_next_sentence() -> None:
    assert strip_boilerplate(f"The ferry in 1874 (All rights reserved.){NEWS}") == SENTENCES


def test_half_a_quotation_is_not_a_repeat() -> None:
    half = '"And so it ends.'
    text = f'{half} I am sad," said Tom Hale. {half} We had fun," said Ann Fox.\n\n{NEWS}'

    assert cleaned_text(text).count(half) == 2


def test_an_update_loses_its_label() -> None:
    cleaned = cleaned_text(f"{NEWS}\n\nUPDATE: The last boat has left Hallam Bridge.")

    assert cleaned.endswith("The last boat has left Hallam Bridge.")
    assert "UPDATE" not in cleaned


def test_a_retracted_article_is_reduced_to_its_note() -> None:
    note = "The council says reports that the ferry will stop are false."

    assert strip_boilerplate(f"{NEWS}\n\nUpdate: {note}") == (note,)


def test_a_standfirst_before_the_text_is_removed() -> None:
    sentence = "The ferry over the Wex at Hallam Bridge will stop for good in March, the council has said."

    assert strip_boilerplate(f"Council ends ferry after hundred and fifty years\n\n{sentence}") == (sentence,)


def test_a_truncated_summary_ends_at_its_last_comma() -> None:
    start = "The ferry over the Wex " + "and the boats of the rowing club " * 7 + "will stop in March"

    assert close_loose(f"{start}, but the cause remai") == f"{start}."
    assert close_loose("Council ends ferry, at last") == "Council ends ferry, at last."


def test_an_item_of_links_only_is_empty() -> None:
    lines = ("Council agrees to sell the ferry to a museum Valley Gazette", "Ferry sold at last, say anglers Wex FM",
             "What the sale of the ferry means for the anglers Radio Brenford")  # fmt: skip

    assert strip_boilerplate("\n\n".join(lines)) == ()


def test_a_heading_in_capitals_is_cut_from_its_sentence() -> None:
    text = "THE FERRY IS NOT FOR SALEAfter a long night the council of Wexcombe voted to keep its ferry for ten years."

    assert strip_boilerplate(text) == (
        "After a long night the council of Wexcombe voted to keep its ferry for ten years.",
    )


def test_a_dateline_is_removed_from_the_first_sentence() -> None:
    text = "Wexcombe, April 28:The new ferry was named by the mayor on Saturday in front of a large crowd."

    assert strip_boilerplate(text) == (
        "The new ferry was named by the mayor on Saturday in front of a large crowd.",
    )


def test_a_word_that_no_voice_can_say_is_removed() -> None:
    village = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"

    assert strip_boilerplate(f"The council closed the bridge at {village} on Monday. {'x' * 10_000}") == (
        f"The council closed the bridge at {village} on Monday.",
    )


def test_structured_data_of_a_page_is_removed() -> None:
    data = '{"@context":"http://schema.org","@type":"Review","author":{"@type":"Person","name":"Ann Fox"},"stars":3}'
    text = f"The FerrymanRating: 3.5/5{data}In her best film the director never takes sides on the ferry."

    assert strip_boilerplate(text) == ("In her best film the director never takes sides on the ferry.",)


def test_an_unclosed_brace_removes_no_text() -> None:
    text = 'The council voted to keep the ferry for ten years. {"@context": and so on'

    assert strip_boilerplate(text)[0].startswith("The council voted to keep the ferry for ten years.")
