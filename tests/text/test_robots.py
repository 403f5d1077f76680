"""A site says by robots.txt what it keeps from programs."""

import time

import pytest

from app.text.robots import permits


@pytest.mark.parametrize(
    ("rules", "target", "allowed"),
    [
        ("", "/", True),
        ("Disallow:", "/", True),
        ("Disallow: /", "/a", False),
        ("Disallow: /", "/robots.txt", True),
        ("Disallow: /a", "/ab", False),
        ("Disallow: /a/", "/a", True),
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("Allow: /a\nDisallow: /a/b", "/a/b/c", False),
        ("Allow: /\nDisallow: /a", "/a", False),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /*.pdf$", "/a.pdf", False),
        ("Disallow: /*.pdf$", "/a.pdf?b", True),
        ("Disallow: /*?print=", "/a?b=c", True),
        ("Disallow: /*?print=", "/a?print=1", False),
        ("Disallow: /a*b*c", "/axxbyyc/d", False),
        ("Disallow: /a*b*c", "/axxcyyb", True),
        ("Disallow: /a*a$", "/a", True),
        ("Disallow: *", "/a", False),
        ("Disallow: /$", "/", False),
        ("Disallow: /$", "/a", True),
        ("Disallow: /a # but not /b", "/a", False),
        ("  disallow :/a", "/a", False),
        ("Disallow: /straße", "/stra%c3%9fe", False),
        ("Disallow: /%7Ejoe/%2f", "/~joe/%2F", False),
        ("Crawl-delay: 10\nDisallow: /a", "/a", False),
    ],
)
def test_the_longest_rule_that_matches_wins(rules: str, target: str, allowed: bool) -> None:
    assert permits(f"User-agent: *\n{rules}", "Postil", target) is allowed


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        ("User-agent: postil\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: POSTIL\nAllow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Postil", True),
        ("User-agent: Other\nDisallow: /", True),
        ("User-agent: PostilReader\nDisallow: /", True),
        ("User-agent: Other\nUser-agent: Postil\nDisallow: /", False),
        ("User-agent: Postil\nAllow: /b\nUser-agent: Other\nDisallow: /", True),
        ("User-agent: Postil\nAllow: /b\n\nUser-agent: Postil\nDisallow: /", False),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", False),
        ("Disallow: /", True),
        ("<html>Not found</html>", True),
    ],
)
def test_the_groups_that_name_a_program_count_before_those_for_all(robots: str, allowed: bool) -> None:
    assert permits(robots, "Postil", "/a") is allowed


@pytest.mark.parametrize(
    "robots",
    [
        "User-agent: *\nDisallow: /" + "*a" * 250_000 + "b$",
        "User-agent: *\n" + "Disallow: /a*b\n" * 35_000,
        "".join(f"User-agent: a{number}\n" for number in range(15_000)) + "User-agent: *\n" + "Allow: /a\n" * 25_000,
        "User-agent: *\n" * 20_000 + "Disallow: /\n" * 20_000,
        " " * 500_000,
    ],
)
def test_hostile_rules_cost_no_more_than_their_length(robots: str) -> None:
    began = time.monotonic()
    permits(robots, "Postil", "/" + "a" * 8_000)
    assert time.monotonic() - began < 3
