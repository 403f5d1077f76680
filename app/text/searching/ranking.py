"""Ranking: which of several texts that all have the words looked for says most about them."""

from collections.abc import Callable, Sequence

from app.text.searching.queries import Words

USUAL_LENGTH = 400
"""How long a text usually is, folded, in code points: a word weighs more in a shorter one."""

WEARING_OFF = 1.2
"""How soon it stops to matter that a word comes up once more; this and the next are the usual values of BM25."""

BY_LENGTH = 0.75

WHOLE = 0.5
"""What a longer word counts of which only the beginning is looked for."""

IN_A_ROW = 1.0
"""What it counts that the words follow each other as they were typed."""


def ranking(wanted: Sequence[Words]) -> Callable[[str], float]:
    """What gives each text, folded, its rank: the higher the better.

    As BM25 does it, but that a word is not worth more for being rare: how often others use it in what this reader may
    not see would show in the order of what they may.
    """
    needles = [(f" {' '.join(words.words)}", words.begins) for words in wanted]
    row = f" {' '.join(word for words in wanted for word in words.words)}" if len(wanted) > 1 else ""

    def rank(text: str) -> float:
        line = f" {text} "
        norm = WEARING_OFF * (1 - BY_LENGTH + BY_LENGTH * len(line) / USUAL_LENGTH)
        score = 0.0
        for needle, begins in needles:
            often: float = line.count(f"{needle} ")
            if begins:
                often += WHOLE * (line.count(needle) - often)
            score += often / (often + norm)
        return score + IN_A_ROW if row and row in line else score

    return rank
