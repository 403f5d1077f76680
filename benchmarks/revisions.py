"""`python -m benchmarks.revisions` prints what carrying spans over a revision costs, as ratios, and their bars."""

import difflib
import random
from collections.abc import Callable, Iterator
from time import process_time
from typing import NamedTuple

from app.text.comparing.differences import Difference, difference
from app.text.comparing.revisions import Carrier
from app.text.spans import Span

LENGTH = 50_000
NOTES = 10_000


class Revision(NamedTuple):
    """A text and the next state of it."""

    old: str
    new: str


class Ratio(NamedTuple):
    """What was measured, how many times its reference it took, and how many it may take."""

    name: str
    times: float
    at_most: float


def prose(length: int, chance: random.Random) -> list[str]:
    """Paragraphs of some length together, in words of which a few are frequent and most are rare, as in a language."""
    frequent = [_word(chance, 2, 4) for _ in range(60)]
    rare = [_word(chance, 4, 10) for _ in range(8_000)]
    paragraphs: list[str] = []
    while length > 0:
        sentences = []
        for _ in range(chance.randint(2, 7)):
            words = [
                chance.choice(frequent) if chance.random() < 0.55 else rare[int(len(rare) * chance.random() ** 3)]
                for _ in range(chance.randint(5, 28))
            ]
            sentences.append(" ".join(words).capitalize() + chance.choice(".....?!"))
        paragraphs.append(" ".join(sentences))
        length -= len(paragraphs[-1]) + 2
    return paragraphs


def _word(chance: random.Random, least: int, most: int) -> str:
    return "".join(chance.choice("aeioubcdfghlmnprstw") for _ in range(chance.randint(least, most)))


def revised(paragraphs: list[str], chance: random.Random) -> list[str]:
    """The same with ordinary edits: words in every third paragraph; some come, go, move, are split and joined."""
    new: list[str] = []
    for paragraph in paragraphs:
        dice = chance.random()
        if dice < 0.33:
            new.append(" ".join(_edited(paragraph.split(" "), chance)))
        elif dice < 0.35:
            new += [_word(chance, 4, 9).capitalize() + " was added here by a careful hand.", paragraph]
        elif dice < 0.37:
            new += paragraph.split(". ", 1)
        elif dice < 0.39 and new:
            new[-1] += " " + paragraph
        elif dice >= 0.41:
            new.append(paragraph)
    new.insert(len(new) // 2, new.pop(len(new) // 5))
    return new


def _edited(words: list[str], chance: random.Random) -> Iterator[str]:
    for word in words:
        dice = chance.random()
        if dice < 0.02:
            yield "indeed"
        if not 0.02 < dice < 0.04:
            yield "altered" if 0.04 < dice < 0.07 else word


def ordinary(length: int = LENGTH, joint: str = "\n\n") -> Revision:
    chance = random.Random(length)
    old = prose(length, chance)
    return Revision(joint.join(old), joint.join(revised(old, chance)))


def notes(text: str, number: int = NOTES) -> list[Span]:
    """Spans as readers lay them: words, sentences, and a few that are longer."""
    chance = random.Random(number)
    starts = (chance.randrange(len(text)) for _ in range(number))
    return [Span(start, min(len(text), start + chance.choice((5, 12, 60, 150, 600)))) for start in starts]


def hostile() -> dict[str, Revision]:
    """Texts that are as unlike prose as can be, each beyond what can be compared outright."""
    chance = random.Random(1)
    numbers = [f"n{number}" for number in range(100_000)]
    few = [chance.choice(numbers[:3_000]) for _ in numbers]
    letters = "".join(chance.choice("abcdefgh") for _ in range(200_000))
    lines = [f"line {number}" for number in range(50_000)]
    return {
        "one word 100,000 times, one put in": Revision(
            "word " * 100_000, "word " * 50_000 + "other " + "word " * 50_000
        ),
        "one word 100,000 times, every seventh replaced": Revision("word " * 100_000, ("word " * 6 + "else ") * 14_285),
        "two wholly different": Revision(" ".join(numbers), " ".join(f"x{number}" for number in numbers)),
        "two of the same few words": Revision(" ".join(few), " ".join(chance.choice(few) for _ in few)),
        "shuffled words": Revision(" ".join(numbers), " ".join(chance.sample(numbers, len(numbers)))),
        "no spaces, edited": Revision(letters, letters[:70_000] + "x" + letters[70_000:150_000] + letters[150_010:]),
        "no spaces, another": Revision(letters, "".join(chance.choice("abcdefgh") for _ in letters)),
        "50,000 lines shuffled": Revision("\n".join(lines), "\n".join(chance.sample(lines, len(lines)))),
    }


def taken(act: Callable[[], object], rounds: int = 5) -> float:
    """Seconds of CPU, the shortest of some rounds: on a busy machine the others measure the neighbours."""
    times = []
    for _ in range(rounds):
        start = process_time()
        act()
        times.append(process_time() - start)
    return min(times)


def compared(revision: Revision, rounds: int = 5) -> float:
    return taken(lambda: difference(*revision), rounds)


def compared_by_difflib(revision: Revision) -> float:
    old, new = (text.split() for text in revision)
    return taken(lambda: difflib.SequenceMatcher(None, old, new).get_opcodes(), 3)


def carried(over: Difference, spans: list[Span], rounds: int = 3) -> float:
    return taken(lambda: Carrier(over).carry(spans), rounds)


def ratios() -> Iterator[Ratio]:
    """What the bars ask for. The growth is for eight times the length: eight would be linear."""
    for name, joint in {"": "\n\n", ", all in one line": " "}.items():
        revision = ordinary(joint=joint)
        one = compared(revision)
        yield Ratio(f"difference / difflib on words{name}", one / compared_by_difflib(revision), 0.5)
        yield Ratio(f"10,000 notes / difference{name}", carried(difference(*revision), notes(revision.old)) / one, 20)
        for times in (2, 4, 8):
            longer = compared(ordinary(times * LENGTH, joint), 3)
            yield Ratio(f"difference of {times * LENGTH:,} / of {LENGTH:,}{name}", longer / one, 2 * times)
        if joint == "\n\n":
            usual = one
    for name, revision in hostile().items():
        said = "" if difference(*revision).complete else " (not compared throughout, which is said)"
        yield Ratio(f"{name}{said} / difference of {LENGTH:,}", compared(revision, 1) / usual, 400)


if __name__ == "__main__":
    for ratio in ratios():
        print(f"{ratio.times:7.2f} (at most {ratio.at_most:g}): {ratio.name}", flush=True)
