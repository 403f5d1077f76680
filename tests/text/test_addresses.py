"""Bare addresses in a note: what is one, where it ends, and that nothing else becomes a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.notes import html_of
from tests.html import parse


def links(typed: str) -> list[tuple[str, str]]:
    """What is shown of each link, and where it leads."""
    return [(link.text, link["href"]) for link in parse(html_of(typed)).all("a")]


@pytest.mark.parametrize(
    ("typed", "href"),
    [
        ("see https://example.org/a?b=c&d.", "https://example.org/a?b=c&d"),
        ("(see https://example.org/a)", "https://example.org/a"),
        ("“https://example.org”", "https://example.org"),
        ('"https://example.org/a", he said', "https://example.org/a"),
        ("**https://example.org/a** he said", "https://example.org/a"),
        ("~~https://example.org/a~~", "https://example.org/a"),
        ("at http://localhost:8000/a", "http://localhost:8000/a"),
        ("https://example.org/Plan_(1920)_b", "https://example.org/Plan_(1920)_b"),
        ("https://example.org/_a_/*b*/c_d_e", "https://example.org/_a_/*b*/c_d_e"),
        ("见https://example.org/a", "https://example.org/a"),
        ("https://example.org/é", "https://example.org/%C3%A9"),
        ("http://müller.example/", "http://xn--mller-kva.example/"),
        ("see example.org.", "http://example.org"),
        ("see example.org/a_(b), please", "http://example.org/a_(b)"),
        ("see www.example.museum:80?a", "http://www.example.museum:80?a"),
        ("see müller.de", "http://xn--mller-kva.de"),
        ("> *example.org*", "http://example.org"),
        ("|a|\n|-|\n|example.org|", "http://example.org"),
        ("write to a.b+c@example.org, please", "mailto:a.b+c@example.org"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_an_address_among_words_leads_where_it_says(typed: str, href: str) -> None:
    assert [leads_to for _, leads_to in links(typed)] == [href]


@pytest.mark.parametrize(
    "typed",
    [
        "e.g. this, i.e. that, at 9 a.m.",
        "the end.Then more, 3.14.15, v1.2.3",
        "https://",
        "http://_",
        "https:// example",
        "xhttps://example",
        "javascript://example.org",
        "ftp://example.org",
        "//example.org",
        "a/example.org",
        "@example.org",
        "-example.org",
        "a@b",
        "`https://example.org`",
        "```\nexample.org\n```",
        "https\\://example.org",
        "\\_example.org",
    ],
)
def test_what_is_no_address_is_no_link(typed: str) -> None:
    assert links(typed) == []


def test_an_address_in_the_words_of_a_link_is_no_second_link() -> None:
    assert links("[https://example.org](https://a.example)") == [("https://example.org", "https://a.example")]
    assert links("[example.org b@example.org](https://a.example)") == [
        ("example.org b@example.org", "https://a.example"),
    ]


def test_of_several_each_is_a_link() -> None:
    assert links("https://a.example, b.org; (c@d.org) <https://e.example> [f](https://g.example)") == [
        ("https://a.example", "https://a.example"),
        ("b.org", "http://b.org"),
        ("c@d.org", "mailto:c@d.org"),
        ("https://e.example", "https://e.example"),
        ("f", "https://g.example"),
    ]


@given(
    st.lists(
        st.sampled_from("https:// http www. .org a@ mailto: a é ( ) . / : , - [ ] { } ' + 见".split(" ")), max_size=30
    )
)
def test_no_letter_is_lost_round_an_address(parts: list[str]) -> None:
    typed = "a " + "".join(parts) + " b"
    assert parse(html_of(typed)).text.strip() == typed
