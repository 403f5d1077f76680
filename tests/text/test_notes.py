"""A note's Markdown as HTML: whatever is typed, nothing runs, nothing loads, and no word is lost."""

import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.storage.annotations import NOTE_LENGTH
from app.text.notes import html_of, text_of
from tests.html import Element, parse

MARKDOWN = """
# [ ] ( ) ! * ** _ ~~ ` ``` > - + 1. | |-|-| --- \\ & &amp; &#60; &#x3c; : / @ < > " ' = ; , {% {{ }}
<script> </script> <img src=x onerror=alert(1)> <svg/onload=alert(1)> <!-- --> <![CDATA[ ]]> <style> <iframe> <form>
<a href=javascript:alert(1)> javascript:alert(1) JaVaScRiPt: data:text/html,x vbscript: //host http:// https://a.b
mailto:a@b.c www.example.org [a]( ](b) ![ [a]: <http://a> <javascript:a> hx-get=/x hx-on:click=a onclick=a style=a
id=a class=a a b é 😀 \t
""".split(" ")

tokens = st.lists(st.sampled_from(MARKDOWN) | st.sampled_from("\n ") | st.text(max_size=4), max_size=40)

TAGS = "a b blockquote br code del em hr i li ol p pre s strong table tbody td th thead tr ul".split()
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}


def scheme(link: Element) -> str:
    """What a browser takes for the scheme of an address, or nothing where it leads on from this page."""
    seen = re.sub(r"[\t\n\r]", "", link.attributes.get("href", "")).lstrip("".join(map(chr, range(33))))
    found = re.match(r"([a-z][a-z0-9+.-]*):", seen, re.IGNORECASE)
    return found[1].lower() if found else ""


def check(html: str) -> None:
    """Only what a note may have, and no link that does more than lead somewhere."""
    for element in parse(html).below():
        assert element.tag in TAGS
        assert element.attributes.keys() <= ATTRIBUTES.get(element.tag, set())
        if element.tag == "a":
            assert element["rel"] == "nofollow noopener noreferrer ugc"
            assert scheme(element) in ("", "http", "https", "mailto")


@settings(max_examples=300, deadline=None)
@given(tokens)
def test_nothing_comes_out_but_the_short_list_of_harmless_tags(parts: list[str]) -> None:
    check(html_of("".join(parts)))


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#10;script:alert(1))",
        "[x](&#x6A;avascript:alert(1))",
        "[x](\x01javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](data:image/png;base64,iVBORw0KGgo=)",
        "[x](vbscript:msgbox)",
        "[x](blob:http://a/b)",
        "<javascript:alert(1)>",
        '[x](/ "onmouseover=alert(1)")',
        '[x](/"onmouseover="alert(1))',
        "<div hx-get=/x hx-trigger=load>x</div>",
        "<p data-hx-on:load=alert(1)>x</p>",
        "<b style='position:fixed' id=main class=note>x</b>",
        "<form action=//evil.example><button>x</button></form>",
        "<!-- x --><!--[if IE]><script>alert(1)</script><![endif]-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "`<script>alert(1)</script>`",
        "```<script>\n<script>alert(1)</script>\n```",
        "~~~js onload=alert(1)\n</code></pre><script>alert(1)</script>\n~~~",
        "| <script> |\n| - |\n| <img src=x onerror=alert(1)> |",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    ],
)
def test_an_attack_is_shown_as_it_was_typed_or_not_at_all(attack: str) -> None:
    html = html_of(attack)
    check(html)
    assert not any(scheme(link) for link in parse(html).all("a"))


@pytest.mark.parametrize("picture", ["![a bee](http://h/i.png)", "![a bee][y]", "<img src=//h/i.png alt='a bee'>"])
def test_a_picture_is_never_loaded_but_its_words_are_shown(picture: str) -> None:
    page = parse(html_of(picture))
    assert not page.all("img")
    assert "a bee" in page.text


@pytest.mark.parametrize(
    ("typed", "href"),
    [
        ("see https://example.org/a?b=c&d", "https://example.org/a?b=c&d"),
        ("see <http://example.org>", "http://example.org"),
        ("see [this](https://example.org)", "https://example.org"),
        ("write to <a@example.org>", "mailto:a@example.org"),
        ("see example.org", "http://example.org"),
    ],
)
def test_a_link_leads_where_it_says_and_does_not_say_whence(typed: str, href: str) -> None:
    link = parse(html_of(typed)).one("a")
    assert (link["href"], link["rel"]) == (href, "nofollow noopener noreferrer ugc")


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("*a* **b** ~~c~~ `d`", ["p", "em", "strong", "s", "code"]),
        ("> a\n\n- b\n- c", ["blockquote", "p", "ul", "li", "li"]),
        ("3. a", ["ol", "li"]),
        ("one\ntwo", ["p", "br"]),
        ("```\na\n```", ["pre", "code"]),
        ("| a | b |\n|---|---|\n| c | d |", ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]),
        ("[a [b [c [d [e]]]] ](f)", ["p", "a"]),
        ("# no heading", ["p"]),
        ("no heading\n===", ["p", "br"]),
    ],
)
def test_markdown_is_understood(typed: str, tags: list[str]) -> None:
    assert [element.tag for element in parse(html_of(typed)).below()] == tags


@pytest.mark.parametrize("typed", ["[1]: see page 5", "[a]: <b> 'c'", "<!-- a -->", "<b>", "&nbsp", "{{ 7*7 }}", "\\"])
def test_a_note_of_odd_words_still_shows_them(typed: str) -> None:
    assert parse(html_of(typed)).text.strip() == typed


@given(st.text("abc <>\"' éא😀", max_size=80).map(lambda words: f"x{words}y"))
def test_plain_words_are_shown_as_they_were_typed(words: str) -> None:
    assert parse(html_of(words)).text.strip() == words


@given(st.text("abc <>&\"'", max_size=80).map(lambda words: f"x{words}y"))
def test_the_words_of_a_note_are_what_is_read(words: str) -> None:
    html = html_of(words)
    assert text_of(html) == parse(html).text.strip()


# ── ten thousand hostile characters

PROSE = "It is *said* that the plan was **never** finished; see https://example.org/plan for more. "
HOSTILE = {
    "brackets": "[",
    "pictures": "![",
    "half links": "[a](",
    "half references": "[a][",
    "quotations": ">",
    "asterisks": "*",
    "emphasis": "*a**",
    "underscores": "_a",
    "backticks": "`",
    "half code": "`a",
    "tildes": "~~a",
    "half tags": "<a ",
    "half autolinks": "<http://",
    "comments": "<!--",
    "entities": "&#x1;",
    "lists": "- ",
    "numbers": "1. ",
    "bare links": "a.com ",
    "nested links": "http://a.b/(",
    "schemes": "://",
    "schemes of a letter": "h://",
    "schemes and words": "://a",
    "schemes and hosts": "www://www.a.de",
    "half addresses": "http://@",
    "open addresses": "http://a/[",
    "mail addresses": "a@b.de ",
    "half mail addresses": "a@a.",
    "mail schemes": "mailto:",
    "hosts": "a.",
    "encoded hosts": "http://xn--a.xn--a_ ",
    "angled addresses": "<http://é.de>",
    "open brackets and a host": "[a.de",
    "links": "[](a)",
    "brackets that are not closed": "[[::[a](b",
    "pictures and brackets": "![]([a.de!<-[a][",
    "emphasis and brackets": "**a*[[",
    "backslashes": "\\",
    "line ends": "\n",
    "definitions": "[a]: b\n",
    "pipes": "|",
    "tables": "|a\n|-\n",
}
SHAPED = {
    "deep lists": "".join(" " * depth + "- a\n" for depth in range(141)),
    "runs of backticks": "".join("`" * run + "a" for run in range(141)),
    "deep quotations": ("> " * 50 + "\n") * 99,
    "an encoded host": "http://" + "xn--a." * 1600 + "a_",
    "an encoded mail host": "a@" + "xn--a." * 1600 + "com_",
    "a long word": "a" * NOTE_LENGTH,
    "a long host": "http://" + "a." * 4900 + "_",
    "a long address": "http://a/" + "(a)[b]{c}" * 1100,
    "twenty brackets": "[" * 20 + ":a" * 4990,
    "a wide table": "|a" * 1600 + "\n" + "|-" * 1600 + "\n" + "x\n" * 1800,
    "a long table": "|a|b|c|d|e|f|g|h\n|-|-|-|-|-|-|-|-\n" + "x\n" * 5000,
}


def seconds(note: str) -> float:
    """The processor time to render a note, the best of three."""

    def once() -> float:
        begun = process_time()
        html_of(note)
        return process_time() - begun

    return min(once() for _ in range(3))


def assert_cheap(note: str) -> None:
    """It costs a few times as much as prose of the same length: of brackets, each is read anew for some above it."""
    assert seconds(note) < 20 * seconds((PROSE * NOTE_LENGTH)[:NOTE_LENGTH])


@pytest.mark.parametrize("name", [*HOSTILE, *SHAPED])
def test_a_hostile_note_costs_little_more_than_prose(name: str) -> None:
    note = (HOSTILE.get(name, "") * NOTE_LENGTH or SHAPED[name])[:NOTE_LENGTH]
    html = html_of(note)
    check(html)
    assert len(html) < 20 * NOTE_LENGTH
    assert_cheap(note)


@settings(max_examples=40, deadline=None)
@given(*[st.lists(st.sampled_from([*MARKDOWN, *HOSTILE.values()]), max_size=4).map("".join)] * 3)
def test_whatever_is_repeated_costs_little_more_than_prose(before: str, often: str, after: str) -> None:
    assert_cheap((before + (often * NOTE_LENGTH)[: NOTE_LENGTH - len(before + after)] + after)[:NOTE_LENGTH])
