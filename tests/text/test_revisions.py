"""A span goes where its own words went, and nowhere else."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.differences import difference
from app.text.revisions import ORPHAN, Carrier, Placed, Status, carry
from app.text.spans import Span
from benchmarks.revisions import Revision, carried, compared, compared_by_difflib, notes, ordinary

unhurried = settings(deadline=None)

FERRY = "The ferry left the harbour at noon, with nine people and a crate of pears aboard. Nobody spoke of the weather."
BRIDGE = (
    "Two summers later the council built a bridge of larch and iron. It stood for sixty years, and was painted green."
)
SPLIT_BRIDGE = BRIDGE.replace("iron. ", "iron.\n\n")
KEEPER = "Old Maren kept the lamp. She counted every boat that passed, and wrote the number in a ledger by the stove."
WINTER = (
    "In winter the river froze as far as the mill. Children skated there after school, their lanterns hung in trees."
)
OTHER = (
    "Prices of wool fell again, so many farms were sold. Their owners drained the meadows and planted barley instead."
)

MARK = re.compile(r"\[\[|\]\]")


def marked(text: str) -> tuple[str, Span | None]:
    """A text without the double brackets in it, and the span between them."""
    parts = MARK.split(text)
    if len(parts) == 1:
        return text, None
    before, words, after = parts
    return before + words + after, Span(len(before), len(before) + len(words))


def joined(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


CASES: dict[str, tuple[str, str, Status]] = {
    "nothing changes": (joined(FERRY, "It was [[very late]]."), joined(FERRY, "It was [[very late]]."), "ok"),
    "a paragraph is put before": ("He [[went home]].", joined(BRIDGE, "He [[went home]]."), "ok"),
    "a paragraph is put behind": ("He [[went home]].", joined("He [[went home]].", BRIDGE), "ok"),
    "words are put before, in the same sentence": (
        "The ferry [[left the harbour]] at noon.",
        "Slowly, and with a cough, the ferry [[left the harbour]] at noon.",
        "ok",
    ),
    "a paragraph before is taken out": (joined(BRIDGE, "He [[went home]]."), "He [[went home]].", "ok"),
    "a word in the passage is replaced": (
        f"{KEEPER} The river [[froze as far as the mill]] that year. {WINTER}",
        f"{KEEPER} The river [[froze as near as the mill]] that year. {WINTER}",
        "changed",
    ),
    "its first word is replaced": (
        f"{KEEPER} The river [[froze as far as the mill]] that year. {WINTER}",
        f"{KEEPER} The river [[thawed as far as the mill]] that year. {WINTER}",
        "changed",
    ),
    "its last word is replaced": (
        f"{KEEPER} The river [[froze as far as the mill]] that year. {WINTER}",
        f"{KEEPER} The river [[froze as far as the weir]] that year. {WINTER}",
        "changed",
    ),
    "its first words are replaced, with those before it": (
        f"{KEEPER} Then the old grey [[ferry left the harbour]] by itself. {WINTER}",
        f"{KEEPER} Then the new white [[ferry left the harbour]] by itself. {WINTER}",
        "ok",
    ),
    "it begins in the midst of what was replaced": (
        f"{KEEPER} Then the old [[grey ferry left the harbour]] by itself. {WINTER}",
        f"{KEEPER} Then the new white [[ferry left the harbour]] by itself. {WINTER}",
        "changed",
    ),
    "it ends in the midst of what was replaced": (
        f"{KEEPER} Then [[the ferry left the harbour at]] noon. Nobody waved. {WINTER}",
        f"{KEEPER} Then [[the ferry left the harbour]] before dawn. Nobody waved. {WINTER}",
        "changed",
    ),
    "its first word is replaced by many": (
        f"{KEEPER} The river [[froze as far as the old mill]] that year. {WINTER}",
        f"{KEEPER} The river had hardly begun to thaw [[as far as the old mill]] that year. {WINTER}",
        "changed",
    ),
    "its first word is replaced, and lines end there": (
        f"{KEEPER} The river [[froze as far as the old mill]] that year. {WINTER}",
        f"{KEEPER} The river thawed.\n\nEven [[as far as the old mill]] that year. {WINTER}",
        "changed",
    ),
    "of few words of it that stay, others are near": (
        f"{FERRY} {KEEPER} Nobody in the town had ever seen [[the big lamp by day]]. {BRIDGE}",
        f"{FERRY} {KEEPER} Nobody in the town had ever seen [[the tiny lamp by night]]. {BRIDGE}",
        "changed",
    ),
    "its first word stands before what was put in, too": (
        f"{FERRY} Who was asked [[to carry the lantern across the river]]? {BRIDGE}",
        f"{FERRY} She had to wait. Some came [[to carry the lantern across the river]]? {BRIDGE}",
        "ok",
    ),
    "its last word stands behind what was put in, too": (
        f"{FERRY} [[Across the river he carried it for]] somebody. {BRIDGE}",
        f"{FERRY} [[Across the river he carried it for]] money and even for nothing. {BRIDGE}",
        "ok",
    ),
    "its first word stands beside itself": (
        f"{FERRY} Nobody knew that it then [[was by the mill]]. {BRIDGE}",
        f"{FERRY} Nobody knew that it was [[was by the mill]]. {BRIDGE}",
        "ok",
    ),
    "it is half of a word that is set in another way": (
        f"{FERRY} It was the [[\ufb01n]]est day. {BRIDGE}",
        f"{FERRY} It was the [[finest]] day. {BRIDGE}",
        "changed",
    ),
    "it is the other half": (
        f"{FERRY} It was the \ufb01n[[est]] day. {BRIDGE}",
        f"{FERRY} It was the [[finest]] day. {BRIDGE}",
        "changed",
    ),
    "a word of it is set in capitals": (
        f"{FERRY} It was the [[finest]] day. {BRIDGE}",
        f"{FERRY} It was the [[FINEST]] day. {BRIDGE}",
        "changed",
    ),
    "a word is put into it": (
        f"The river [[froze as far as the mill]] that year. {WINTER}",
        f"The river [[froze solid as far as the mill]] that year. {WINTER}",
        "changed",
    ),
    "a sentence is put into it": (
        joined(f"[[{BRIDGE}]]", WINTER),
        joined(f"[[{BRIDGE.replace('iron. ', 'iron. Nobody thanked them. ')}]]", WINTER),
        "changed",
    ),
    "a word is taken out of it": (
        f"The river [[froze solid as far as the mill]] that year. {WINTER}",
        f"The river [[froze as far as the mill]] that year. {WINTER}",
        "changed",
    ),
    "its only word is replaced": (
        f"{FERRY} They saw a [[heron]] near the weir. {WINTER}",
        f"{FERRY} They saw a bicycle near the weir. {WINTER}",
        "orphan",
    ),
    "it is replaced by another sentence": (
        joined(FERRY, f"{KEEPER} [[{WINTER}]]"),
        joined(FERRY, f"{KEEPER} {OTHER}"),
        "orphan",
    ),
    "its sentence is taken out": (joined(f"{FERRY} [[They were late.]] {KEEPER}"), f"{FERRY} {KEEPER}", "orphan"),
    "its sentence is taken out, another begins alike": (
        f"{FERRY} [[She counted her money twice.]] She counted every boat. {WINTER}",
        f"{FERRY} She counted every boat. {WINTER}",
        "orphan",
    ),
    "its paragraph is taken out": (joined(FERRY, f"[[{BRIDGE}]]", KEEPER), joined(FERRY, KEEPER), "orphan"),
    "its paragraph is taken out, one like it stays": (
        joined(
            FERRY, "Anna reported that the [[bridge is closed]].", KEEPER, "Boris reported that the bridge is closed."
        ),
        joined(FERRY, KEEPER, "Boris reported that the bridge is closed."),
        "orphan",
    ),
    "of two alike its own is changed": (
        joined(
            "Anna said that the [[bridge of larch is closed]] now.",
            KEEPER,
            "Boris said that the bridge of larch is closed.",
        ),
        joined(
            "Anna said that the [[bridge of iron is closed]] now.",
            KEEPER,
            "Boris said that the bridge of larch is closed.",
        ),
        "changed",
    ),
    "another like it is put before": (
        joined(FERRY, "And so [[they went on]] to the mill.", KEEPER),
        joined("And so they went on, and on.", FERRY, "And so [[they went on]] to the mill.", KEEPER),
        "ok",
    ),
    "a copy of its paragraph is put before": (
        joined(FERRY, BRIDGE, f"[[{KEEPER}]]"),
        joined(KEEPER, FERRY, BRIDGE, f"[[{KEEPER}]]"),
        "ok",
    ),
    "a word that stands everywhere is taken out": (
        f"{KEEPER} Then came [[the]] storm out of the west, and the roof of the mill was gone.",
        f"{KEEPER} Then came a storm out of the west, and the roof of the mill was gone.",
        "orphan",
    ),
    "its paragraph is written anew": (
        joined(FERRY, f"{BRIDGE[:13]}[[{BRIDGE[13:40]}]]{BRIDGE[40:]}", KEEPER),
        joined(FERRY, OTHER, KEEPER),
        "orphan",
    ),
    "all is written anew": (joined(FERRY, f"[[{KEEPER}]]"), joined(WINTER, OTHER), "orphan"),
    "all is taken out": (f"[[{KEEPER}]]", "", "orphan"),
    "all around it is written anew": (
        joined(f"{FERRY} And [[she never painted the lamp]] again. {KEEPER}", BRIDGE),
        joined(f"{WINTER} Yet [[she never painted the lamp]]? {OTHER}", BRIDGE),
        "ok",
    ),
    "its paragraph is split in it": (
        joined(f"{FERRY} [[{BRIDGE}]]", KEEPER),
        joined(FERRY, f"[[{SPLIT_BRIDGE}]]", KEEPER),
        "ok",
    ),
    "its paragraph is split before it": (f"{FERRY} [[{BRIDGE}]]", joined(FERRY, f"[[{BRIDGE}]]"), "ok"),
    "two paragraphs become one": (joined(FERRY, f"[[{BRIDGE}]]", KEEPER), f"{FERRY} [[{BRIDGE}]] {KEEPER}", "ok"),
    "it runs over two paragraphs that become one": (
        joined(FERRY[:40] + "[[" + FERRY[40:], BRIDGE[:30] + "]]" + BRIDGE[30:]),
        f"{FERRY[:40]}[[{FERRY[40:]} {BRIDGE[:30]}]]{BRIDGE[30:]}",
        "ok",
    ),
    "its paragraph goes to the end": (
        joined(f"{FERRY[:4]}[[{FERRY[4:20]}]]{FERRY[20:]}", BRIDGE, KEEPER, WINTER),
        joined(BRIDGE, KEEPER, WINTER, f"{FERRY[:4]}[[{FERRY[4:20]}]]{FERRY[20:]}"),
        "moved",
    ),
    "its paragraph goes to the end and is changed": (
        joined(f"[[{FERRY}]]", BRIDGE, KEEPER, WINTER),
        joined(BRIDGE, KEEPER, WINTER, f"[[{FERRY.replace('nine', 'eleven').replace('spoke', 'complained')}]]"),
        "moved",
    ),
    "its sentence goes to another paragraph": (
        joined(f"{FERRY} [[Larks were singing over the frozen reeds.]]", BRIDGE, KEEPER),
        joined(FERRY, BRIDGE, f"{KEEPER} [[Larks were singing over the frozen reeds.]]"),
        "moved",
    ),
    "its sentence changes places with a longer one": (
        joined("[[Larks were singing over the frozen reeds.]] " + FERRY, BRIDGE),
        joined(FERRY + " [[Larks were singing over the frozen reeds.]]", BRIDGE),
        "moved",
    ),
    "two sentences of it change places": (
        joined(FERRY, "[[Larks were singing over the frozen reeds. Nobody heard them but the miller's boy.]]", BRIDGE),
        joined(FERRY, "[[Nobody heard them but the miller's boy. Larks were singing over the frozen reeds.]]", BRIDGE),
        "changed",
    ),
    "it is taken out, and stands twice elsewhere": (
        joined(f"{FERRY} [[Larks were singing over the frozen reeds.]]", BRIDGE, KEEPER),
        joined(
            FERRY,
            f"{BRIDGE} Larks were singing over the frozen reeds.",
            f"{KEEPER} Larks were singing over the frozen reeds.",
        ),
        "orphan",
    ),
    "quotes become curly": (
        'She said, [["It\'s late -- too late..."]] and left.',
        "She said, [[“It’s late — too late…”]] and left.",
        "ok",
    ),
    "spaces become others": ("It was [[a cold   day]].", "It was [[a\u00a0cold\tday]].", "ok"),
    "it is set in capitals": (joined("[[A cold day]]", FERRY), joined("[[A COLD DAY]]", FERRY), "changed"),
    "words are joined": (joined("It was [[a part]] of it.", FERRY), joined("It was apart of it.", FERRY), "orphan"),
    "a full stop becomes a question mark": (
        f"{FERRY} [[Was it late.]] {BRIDGE}",
        f"{FERRY} [[Was it late?]] {BRIDGE}",
        "changed",
    ),
    "letters are composed": ("Un [[été à Orléans]].", "Un [[e\u0301te\u0301 a\u0300 Orle\u0301ans]].", "ok"),
    "a soft hyphen is put in": ("The [[lighthouse keeper]] slept.", "The [[light\u00adhouse keeper]] slept.", "ok"),
    "emoji stand before": ("So [[it goes]] on.", "👩🏽‍🚀🇫🇮 So [[it goes]] on.", "ok"),
    "emoji are replaced": (
        f"{FERRY} We [[won the race 🎉]] today.",
        f"{FERRY} We [[won the race 🏆]] today.",
        "changed",
    ),
    "an emoji is taken out": (f"{FERRY} We won [[👩🏽‍🚀]] today.", f"{FERRY} We won today.", "orphan"),
    "Japanese, words put in": (
        "吾輩は猫である。[[名前はまだ無い]]。どこで生れたか頓と見当がつかぬ。",
        "吾輩は小さな猫である。[[名前はまだ無い]]。どこで生れたか頓と見当がつかぬ。",
        "ok",
    ),
    "Japanese, a word changed": (
        "吾輩は猫である。[[名前はまだ無い]]。どこで生れたか頓と見当がつかぬ。",
        "吾輩は猫である。[[名前はもう無い]]。どこで生れたか頓と見当がつかぬ。",
        "changed",
    ),
    "Japanese, a sentence taken out": (
        "吾輩は猫である。[[名前はまだ無い。]]どこで生れたか頓と見当がつかぬ。",
        "吾輩は猫である。どこで生れたか頓と見当がつかぬ。",
        "orphan",
    ),
    "Chinese, paragraphs made one": (
        "天地玄黄，宇宙洪荒。\n\n[[日月盈昃，辰宿列张。]]",
        "天地玄黄，宇宙洪荒。[[日月盈昃，辰宿列张。]]",
        "ok",
    ),
    "Chinese, a paragraph moved": (
        joined("[[寒来暑往，秋收冬藏，闰余成岁，律吕调阳。]]", "天地玄黄，宇宙洪荒。", "日月盈昃，辰宿列张。"),
        joined("天地玄黄，宇宙洪荒。", "日月盈昃，辰宿列张。", "[[寒来暑往，秋收冬藏，闰余成岁，律吕调阳。]]"),
        "moved",
    ),
    "Arabic, a word changed": (
        "كان البحر هادئا في ذلك المساء، و[[جلس الصياد العجوز على الصخرة]] ينتظر.",
        "كان البحر هادئا في ذلك المساء، و[[جلس الصياد الشاب على الصخرة]] ينتظر.",
        "changed",
    ),
    "Arabic, a sentence put before": (
        "كان البحر هادئا. [[جلس الصياد العجوز على الصخرة]].",
        "هبت الريح قليلا. كان البحر هادئا. [[جلس الصياد العجوز على الصخرة]].",
        "ok",
    ),
    "Hindi, a word changed": (
        "नदी के किनारे [[एक पुराना घर था]] जहाँ कोई नहीं रहता था।",
        "नदी के किनारे [[एक छोटा घर था]] जहाँ कोई नहीं रहता था।",
        "changed",
    ),
    "Thai, words put before": ("แมวดำ[[นอนบนเสื่อ]]ทั้งวัน", "เมื่อวานนี้แมวดำ[[นอนบนเสื่อ]]ทั้งวัน", "ok"),
    "a short line is changed around it": ("[[He said]] yes.", "[[He said]] no.", "ok"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_passage_goes_where_its_words_went(case: str) -> None:
    before, after, status = CASES[case]
    (old, span), (new, place) = marked(before), marked(after)
    assert span
    assert carry(old, new, [span]) == [Placed(place, status)]


@pytest.mark.parametrize("case", CASES)
def test_lines_may_be_joined_by_one_newline_as_well(case: str) -> None:
    before, after, status = CASES[case]
    (old, span), (new, place) = marked(before.replace("\n\n", "\n")), marked(after.replace("\n\n", "\n"))
    assert span
    assert carry(old, new, [span]) == [Placed(place, status)]


def test_a_span_beyond_the_old_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in the old text"):
        carry("short", "a longer text", [Span(2, 9)])


# Few words, so that the same ones stand in many places; signs that are one for a reader, and lines.
WORDS = [
    *"a the river froze lamp Maren 1871 nobody’s été e\u0301te\u0301 猫 は 👩🏽‍🚀 هادئا ... … — “ ” , .".split(),
    "\n",
    "\n\n",
]
texts = st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=60).map(" ".join)
letters = st.text(st.sampled_from("ab .\n"), max_size=40)
any_text = texts | letters


@st.composite
def revisions(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and what has become of it: stretches of it taken out, put in, replaced, moved and copied."""
    old = draw(any_text)
    new = old
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(new)))
        end = draw(st.integers(start, len(new)))
        at = draw(st.integers(0, len(new)))
        put = draw(st.sampled_from(["", new[start:end], draw(any_text)]))
        new = draw(st.sampled_from([new[:start] + put + new[end:], new[:at] + new[start:end] + new[at:]]))
    return old, new


def spans_of(text: str) -> st.SearchStrategy[Span]:
    return st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda one: Span(min(one), max(one)))


@unhurried
@given(any_text, st.data())
def test_on_the_same_text_every_span_stays(text: str, data: st.DataObject) -> None:
    span = data.draw(spans_of(text))
    assert carry(text, text, [span]) == [Placed(span, "ok")]


@unhurried
@given(revisions(), st.data())
def test_what_is_placed_lies_in_the_new_text(texts: tuple[str, str], data: st.DataObject) -> None:
    old, new = texts
    (placed,) = carry(old, new, [data.draw(spans_of(old))])
    assert (placed.span is None) == (placed.status == "orphan")
    assert placed.span is None or placed.span.within(Span(0, len(new)))


def letters_of(words: str) -> str:
    """Words as they read: whatever white space is between them, however quotes, dashes and ellipses are set."""
    plain = words.replace("…", "...").replace("e\u0301", "é")
    plain = plain.translate(str.maketrans("“”‘’—–", "\"\"''--"))
    return re.sub("-+", "-", "".join(plain.split()))


@unhurried
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.data())
def test_what_is_ok_reads_the_same(words: list[str], data: st.DataObject) -> None:
    old = " ".join(words)
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(words)))
        words = [*words[:at], *data.draw(st.lists(st.sampled_from(WORDS), max_size=3)), *words[at + 1 :]]
    new = " ".join(words)
    (placed,) = carry(old, new, [span := data.draw(spans_of(old))])
    if placed.status == "ok":
        assert placed.span is not None
        assert letters_of(placed.span.of(new)) == letters_of(span.of(old))


@unhurried
@given(
    any_text, st.sampled_from([OTHER, f"{OTHER}\n\n{WINTER}", "1234\n5678"]), st.sampled_from(["\n", "\n\n"]), st.data()
)
def test_a_paragraph_put_before_shifts_exactly(text: str, put: str, joint: str, data: st.DataObject) -> None:
    text = text.strip("\n")
    span = data.draw(spans_of(text))
    before = put + joint
    lines = set(text.split("\n"))
    # Of a line that stands in both, either may be the one that was put before.
    if text and not lines & set(put.split("\n")):
        assert carry(text, before + text, [span]) == [Placed(span.shifted(len(before)), "ok")]


@unhurried
@given(st.lists(st.sampled_from("river lamp Maren froze mill".split()), min_size=1, max_size=30), st.data())
def test_new_words_put_before_shift_exactly(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start = len(" ".join([*words[:first], ""]))
    span = Span(start, start + len(" ".join(words[first : last + 1])))
    before = data.draw(st.sampled_from(["Prices fell.", "“Ach!” ", "小さな", "\n", "👍 "])) + data.draw(
        st.sampled_from([" ", "\n\n"])
    )
    assert carry(text, before + text, [span]) == [Placed(span.shifted(len(before)), "ok")]


@unhurried
@given(revisions(), st.data())
def test_one_by_one_is_as_together_and_as_again(texts: tuple[str, str], data: st.DataObject) -> None:
    old, new = texts
    spans = data.draw(st.lists(spans_of(old), max_size=5))
    together = carry(old, new, spans)
    assert together == carry(old, new, spans)
    assert together == [one for span in spans for one in carry(old, new, [span])]


FIRST = "amber birch cedar dunes ember fjord grove heath islet juniper".split()
SECOND = "nickel oxide pewter quartz rubber silver tinfoil uranium vinyl wolfram".split()


@unhurried
@given(st.data())
def test_words_that_were_replaced_never_lend_their_place(data: st.DataObject) -> None:
    """A span whose words were all replaced by others is an orphan, however many of those around it stay."""
    words = data.draw(st.lists(st.sampled_from(FIRST), min_size=1, max_size=30))
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    put = data.draw(st.lists(st.sampled_from(SECOND), min_size=0, max_size=10))
    old, new = " ".join(words), " ".join([*words[:first], *put, *words[last + 1 :]])
    gone = Span(len(" ".join([*words[:first], ""])), len(" ".join(words[: last + 1])))
    inside = data.draw(spans_of(gone.of(old))).shifted(gone.start)
    (placed,) = carry(old, new, [inside])
    # Of words that stand beside themselves ("amber amber") either may be the one that stayed.
    alike = set(words[first : last + 1]) & set(words[:first] + words[last + 1 :])
    assert alike or not inside.of(old).strip() or placed == ORPHAN


@unhurried
@given(revisions(), st.data())
def test_what_is_placed_holds_words_of_its_own(texts: tuple[str, str], data: st.DataObject) -> None:
    old, new = texts
    span = data.draw(spans_of(old))
    over = difference(old, new)
    (placed,) = Carrier(over).carry([span])
    if placed.span:
        runs = [run for chain in [over.kept, *over.moved] for run in chain]
        own = [run for run in runs if run.old < span.end and span.start < run.old_end]
        assert any(run.new < placed.span.end and placed.span.start < run.new_end for run in own)


def test_a_revision_is_compared_in_half_the_time_of_difflib_and_notes_in_twenty_times_that() -> None:
    revision = ordinary()
    one = compared(revision)
    assert one <= 0.5 * compared_by_difflib(revision)
    assert carried(difference(*revision), notes(revision.old)) <= 20 * one


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("word " * 100_000, ("word " * 6 + "else ") * 14_000),
        ("".join(map(chr, range(0x4E00, 0x9E00))) * 5, "".join(map(chr, range(0x9DFF, 0x4DFF, -1))) * 5),
        ("ab" * 100_000, "ba" * 99_000 + "c"),
    ],
    ids=["one word", "no spaces, backwards", "no spaces, two letters"],
)
def test_what_cannot_be_compared_leaves_orphans_and_is_said(old: str, new: str) -> None:
    usual = compared(ordinary())
    over = difference(old, new)
    assert not over.complete
    assert compared(Revision(old, new), 1) <= 400 * usual
    assert {placed.status for placed in Carrier(over).carry(notes(old, 100))} <= {"orphan", "ok", "changed"}
