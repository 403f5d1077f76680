"""Which addresses are of the same page."""

import pytest

from app.text.origins import same_page

PAGE = "example.org/bees?c=1"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/bees?c=1",
        " http://www.example.org/bees/?c=1#hum ",
        "HTTPS://Example.ORG:443/bees?utm_source=x&c=1&fbclid=y",
    ],
)
def test_what_only_looks_otherwise_is_the_same_page(address: str) -> None:
    assert same_page(address) == PAGE


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/bees?c=2",
        "https://example.org/Bees?c=1",
        "https://example.org:8080/bees?c=1",
        "https://bees.example.org/bees?c=1",
        "https://example.org/bees?c=1&utm_=",
    ],
)
def test_other_pages_are_others(address: str) -> None:
    assert same_page(address) not in ("", PAGE)


@pytest.mark.parametrize("words", ["", "bees.txt", "ftp://example.org/", "https://", "https://[", "https://a:b/"])
def test_what_is_no_address_of_a_page_is_none(words: str) -> None:
    assert same_page(words) == ""
