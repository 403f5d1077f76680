"""Sentences: cut where an expert cuts, and whatever the text, nothing is lost and nobody waits."""

import re
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from threading import Barrier
from time import process_time
from xml.etree import ElementTree

import choppa
import pytest
import sentencex
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text import sentences as module
from app.text.sentences import OVERLAY, RULED, SEGMENTER, WINDOW, sentences

ROOT = Path(__file__).parents[2]

# The first words of each sentence after the first, as an expert cut the seed article, by paragraph.
EXPERT = {
    1: ["Across the country"],
    2: ["Slowing or stopping"],
    3: ["The total amount exceeds"],
    4: ["He has repeatedly"],
    5: ["He proposed a plan", "Outside NATO."],
    6: ["Volodymyr Zelensky and"],
    10: ["Trump may be able"],
    11: ["He said he expects"],
    16: ["If you do, you could"],
    17: ["Trump is useful", "“President Putin"],
    21: ["We strengthened"],
    22: ["This is because"],
    23: ["Although intelligence"],
    24: ["Ukraine spent three", "Some of them"],
    29: ["“The United States had", "If we lost Ukraine"],
    30: ["I’m watching."],
    31: ["We can only hope"],
    32: ["Rather, there is", "“The United States remains"],
    33: ["Who understands"],
}
# Garbled places, where a break would be as right as none.
OPTIONAL = {20: "is conveying.", 31: "-Term costs", 33: "Whatever the path"}


def seed() -> list[str]:
    text = (ROOT / "seeds/what-an-american-election-means-for-ukraine.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip()][-33:]


def cut(paragraph: str, language: str) -> list[str]:
    return [span.of(paragraph) for span in sentences(paragraph, language)]


@pytest.mark.parametrize("number", range(1, 34))
def test_the_seed_article_is_cut_as_by_an_expert(number: int) -> None:
    _, *others = cut(seed()[number - 1], "en")
    found = [words for words in others if not words.startswith(OPTIONAL.get(number, "\0"))]
    expected = EXPERT.get(number, [])
    assert [words[: len(start)] for words, start in zip(found, expected, strict=True)] == expected


def test_the_seed_article_has_57_sentences() -> None:
    assert sum(len(sentences(paragraph, "en")) for paragraph in seed()) == 57


@pytest.mark.parametrize(
    ("language", "marked"),  # ¦ marks each break
    [
        # closers and inner punctuation never open a sentence
        ("en", "It may break the agreement. , said the president. ¦He left."),
        ("en", "It rose by half. % of what? ¦Nobody knows."),
        ("en", "He came (at last!  ) and stayed. ¦She left."),
        ("de", "Er kam. ; sie ging. ¦Es war still."),
        # a spaced ellipsis
        ("en", "He was . . . gone. ¦She knew."),
        ("en", "Wait . . . He left. ¦She stayed."),
        ("fr", "Il était . . . Parti. ¦Elle est là."),
        ("en", "He was gone. . . . ¦She knew."),
        # footnote marks
        ("en", "It ended.[12] ¦The next began. [3] ¦The last came.[4][5] ¦“So,” he said.[6]"),
        ("en", "“It ended.”[12] ¦She left."),
        ("en", "Zhang et al. [12] Show this."),
        ("de", "Es endete.[12] ¦Das nächste begann."),
        ("ar", "انتهى.[12] ¦بدأ التالي."),
        ("zh", "结束了。[12]¦下一句。"),
        # English abbreviations at the end of a sentence
        ("en", "He moved to the U.S. ¦They stayed. ¦The U.S. Army came."),
        ("en", "It is 5 p.m. ¦The bell rings. ¦At 6 P.M. ¦They stop. ¦At 7 P.M. London sleeps."),
        ("en", "He is John Doe Jr. ¦You know Smith et al. ¦However, Smith et al. agree. ¦We know Doe & Co. ¦But why?"),
        ("en", "She works for Apple Inc. ¦She likes it. ¦Apple Inc. shares rose."),
        ("en", "J.D. Vance, Mr. Trump and Dr. Who met Prof. He at 5 p.m. sharp. ¦It rained."),
        # what garbled English keeps together
        ("en", "They wait for it. -Term costs rise. ¦He left."),
        ("en", "We fear Putin…Whatever comes. ¦He left… ¦She stayed."),
        ("en", "It sets the agenda. is conveying. ¦Good. ¦is it so?"),
        # CJK
        ("zh", "他说：“你好。”¦她走了。¦“好！”，他说。"),
        ("zh", "他来了（昨天。）。¦她走了。"),
        ("ja", "「こんにちは。」と言った。¦彼は行った。¦「はい。」¦「いいえ。」¦終わり。"),
        ("ja", "『本。』¦【注。】¦（完。）¦《題。》¦終わり。"),
        ("ja", "円周率は３．１４です。¦第２章．¦次の章。"),
    ],
)
def test_our_own_rules(language: str, marked: str) -> None:
    assert cut(marked.replace("¦", ""), language) == [words.strip() for words in marked.split("¦")]


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("en", "Mr. Smith paid $3.50, i.e. too much. ¦“Why?” she asked. ¦He left!"),
        ("de", "Das kostet z. B. am 3. Mai ca. 5 Euro. ¦„Warum?“ fragte sie. ¦Er ging."),
        ("fr", "M. Dupont est là. ¦Il dit : « Oui. » ¦Puis il part."),
        ("es", "El Sr. Pérez vino. ¦¿Qué quería? ¦¡Nada! ¦Se fue."),
        ("uk", "Він народився в м. Київ у 1990 р. на вул. Саксаганського. ¦Потім поїхав."),
        ("ru", "Он родился в 1990 г. в Москве, на ул. Ленина. ¦Потом уехал."),
        ("ja", "今日は晴れです。¦明日は？¦雨です！"),
        ("zh", "今天晴天。¦明天呢？¦下雨！"),
        ("ar", "مرحبا بك. ¦كيف حالك؟ ¦أنا بخير."),
        # languages that the rules lack
        ("lt", "Atvyko dr. Jonas. ¦Jis išėjo."),
        ("hi", "नमस्ते। ¦आप कैसे हैं? ¦मैं ठीक हूँ।"),
        ("he", "שלום. ¦מה שלומך? ¦טוב."),
        ("fi", "Hän tuli. ¦Minä lähdin!"),
        ("", "Mr. Smith came. ¦He left."),
        ("tlh", "Qapla’! ¦Heghlu’meH QaQ jajvam."),
    ],
)
def test_many_languages(language: str, marked: str) -> None:
    assert cut(marked.replace("¦", ""), language) == [words.strip() for words in marked.split("¦")]


@pytest.mark.parametrize(("tag", "same"), [("en-GB", "en"), ("EN_us", "en"), ("zh-Hans-CN", "zh"), ("pt-BR", "pt")])
def test_the_first_subtag_of_a_language_counts(tag: str, same: str) -> None:
    text = "“One. Two,” said Mr. No. 5. „好。”第３．５章。 No. 6 é o n.º 7. Sra. Silva."
    assert cut(text, tag) == cut(text, same) != cut(text, "")


def test_a_longer_code_is_not_taken_for_a_shorter_one() -> None:
    text = "Dr. Nahuel küpay. Amuy."  # arn is Mapudungun, not Arabic
    assert cut(text, "arn") == cut(text, "") != cut(text, "ar")


languages = st.sampled_from(["", "en", "de", "fr", "es", "ca", "uk", "ru", "ja", "zh", "ar", "fi", "hi", "am", "da"])
prose = st.lists(
    st.sampled_from(
        list("aAЖé中あأ1.!?…。．！:;,-'’‘“”\"«»()[]「」（） \n\r\t\u00a0\u2028\u3000\u200b\u0301😀\ud800\x85\x1c")
        + "Mr._|e.g._|U.S._|[12]|. . .|http://a.b|\r\n|\n\n|_A.|word_|Word_".replace("_", " ").split("|")
    ),
    max_size=60,
).map("".join)
anything = st.text(st.characters(exclude_categories=()), max_size=200) | prose


def lossless(text: str, language: str) -> bool:
    """Whether the sentences are in order, trimmed, not empty, and leave out nothing but white space."""
    spans = sentences(text, language)
    ends = [0, *(end for span in spans for end in (span.start, span.end)), len(text)]
    between = [text[start:end] for start, end in pairwise(ends)][::2]
    trimmed = all(span and span.of(text) == span.of(text).strip() for span in spans)
    return ends == sorted(ends) and trimmed and not "".join(between).strip()


@settings(deadline=None)
@given(anything, languages)
def test_nothing_but_white_space_is_left_out(text: str, language: str) -> None:
    assert lossless(text, language)


@settings(deadline=None, max_examples=20)
@given(prose, languages, st.integers(1, 400))
def test_nothing_is_left_out_of_a_long_paragraph(text: str, language: str, times: int) -> None:
    assert lossless(text * times, language)


@pytest.mark.parametrize("nothing", ["", " ", " \n\t\r\u00a0\u2028\u3000", " " * 3 * WINDOW, "\n" * 3 * WINDOW])
@pytest.mark.parametrize("language", ["", "en", "ja"])
def test_white_space_has_no_sentences(nothing: str, language: str) -> None:
    assert sentences(nothing, language) == []


@pytest.mark.parametrize("odd", ["A\u00a0.", "B\u2028. C", "half a pair \ud83d of it. A\u3000."])
def test_what_sentencex_cannot_take_is_kept_from_it(odd: str) -> None:
    assert "".join("".join(cut(odd, "")).split()) == "".join(odd.split())


def test_windows_do_not_show_in_prose() -> None:
    text = " ".join(seed() * 10)
    assert len(text) > 10 * WINDOW
    assert cut(text, "") == [piece.strip() for piece in sentencex.segment("", text)]


def test_a_sentence_without_end_is_cut_at_a_space() -> None:
    text = "seven words " * WINDOW
    spans = sentences(text)
    assert " ".join(cut(text, "")) == text.strip()
    assert max(map(len, spans)) <= WINDOW


def time_for(paragraphs: list[str], language: str) -> float:
    sentences("Once, so that the rules are read.", language)
    start = process_time()
    for paragraph in paragraphs:
        sentences(paragraph, language)
    return process_time() - start


def time_for_prose(length: int) -> float:
    """Seconds for so many code points of ordinary English by the rules: what hostile text is held against."""
    return time_for(seed() * (length // sum(map(len, seed())) + 1), "en")


def hostile(pattern: str, length: int) -> list[str]:
    return [(pattern * length)[:length]]


@pytest.mark.parametrize(
    ("language", "pattern"),
    [
        ("en", "e.g. "),
        ("en", "Mr. "),
        ("en", "a.b."),
        ("en", "a. b: c: "),
        ("en", "."),
        ("en", ". "),
        ("en", "abcdefg. "),  # as crowded as the rules are given
        ("fr", "p. 5 : "),
        ("ca", "a'"),
        ("es", "-The"),
        ("es", "»"),
        ("en", "“"),
        ("en", "(a. "),
        ("en", "e\u0301"),
        ("en", "👩‍👩‍👧"),
        ("en", "\r"),
        ("en", "\u00a0"),
        ("en", "\u2028"),
        ("zh", "「。"),
    ],
)
def test_no_paragraph_takes_the_rules_long(language: str, pattern: str) -> None:
    # Up to 150 times as long as prose; without the guard a thousand times and more.
    assert time_for(hostile(pattern, 9_990), language) < 400 * time_for_prose(9_990)


@pytest.mark.parametrize(
    ("language", "pattern", "length"),
    [
        ("es", "»", 40_000),  # beyond the length that the rules are given
        ("da", "e.g. ", 200_000),  # languages differ in how fast sentencex is
        ("", "“", 200_000),
        ("", "「。", 200_000),
        ("", "``", 200_000),
        ("", "”", 200_000),
        ("", "“Never closed. ", 200_000),
        ("", "e.g. ", 200_000),
        ("", "😀", 200_000),
        ("", "\n", 200_000),
        ("", "a", 200_000),
    ],
)
def test_time_grows_with_length_alone(language: str, pattern: str, length: int) -> None:
    # Up to 5 times as long as prose; without windows 40 times, and more with every code point.
    assert time_for(hostile(pattern, length), language) < 25 * time_for_prose(length)


def test_threads_share_one_segmenter() -> None:
    module._rules.cache_clear()
    threads = 8
    together = Barrier(threads)
    text = "Mr. Smith came. He left."

    def cut_at_once(number: int) -> list[str]:
        together.wait()
        return cut(text, ["en", "de", "uk", "fr"][number % 4])

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(cut_at_once, range(threads)))
    assert found == [cut(text, ["en", "de", "uk", "fr"][number % 4]) for number in range(threads)]
    assert module._rules.cache_info().misses == 1


def test_every_language_with_rules_of_its_own_is_cut_by_them() -> None:
    shipped = choppa.SrxDocument(ruleset=choppa.DEFAULT_SRX_RULESET).language_map_list
    patterns = {each.language_pattern.pattern: each.language_rule.name for each in shipped}
    own = {re.sub(r"\W|[A-Z]", "", pattern) for pattern, name in patterns.items() if name != "Generic"}
    assert own - {"", "az23_one", "az23_two"} == RULED


def test_the_segmenter_names_what_cut() -> None:
    assert re.fullmatch(rf"choppa-srx \d+\.\S+, sentencex \d+\.\S+, overlay {OVERLAY}", SEGMENTER)


def test_changed_rules_have_a_new_number() -> None:
    rules = ElementTree.parse(ROOT / "app/text/sentences.srx").getroot()
    written = "".join(ElementTree.tostring(rules, encoding="unicode").split())
    assert (OVERLAY, sha256(written.encode()).hexdigest()[:8]) == (1, "6cd8e288")
