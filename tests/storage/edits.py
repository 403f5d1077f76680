"""The history of a text: how it began, and twenty edits of every kind that people make."""

from collections.abc import Callable

Text = tuple[str, ...]
Edit = Callable[[Text], Text]

FIRST: Text = tuple(
    " ".join(one.split())
    for one in """
The ferry to the island leaves at seven in the morning, and it leaves on time. Nobody remembers a day on which
it waited for anyone. People who miss it stand on the pier and watch it go, and then they go for coffee.

There are two places for coffee. The one by the ticket office is quick and sad. The other, up the stairs,
belongs to a woman named Orsolya, who grinds the beans while you wait and asks where you wanted to go.

I missed the ferry on a Tuesday in March. It was raining in the way it rains there, sideways and without
hurry.

“You will like it better tomorrow,” Orsolya said. “Everybody likes the island better on a Wednesday.”

I asked her why. She said that on Tuesdays the baker over there closes, the post does not come, and the dogs
are in a bad mood. I laughed; she did not.

So I stayed. I took a room over the chandler’s shop, with a window that looked at the water and a bed that had
clearly once belonged to a ship.

In the evening the harbour was full of small lights. A man was mending nets under one of them, slowly, the way
one does a thing that will never be finished. He told me the names of the boats: Patience, Second Patience,
Marta.

Marta was the oldest. She had been built by his grandfather in the winter of a year that nobody could agree
on.

Things one ought to know before going:

Bring cash.

Bring a second pair of shoes.

Do not bring a dog.

The next morning I stood on the pier at half past six. The rain had stopped. Orsolya came down the stairs with
a paper bag and gave it to me without a word: two rolls, still warm, and an apple.

The ferry left at seven. I looked back once. She was already watching somebody else miss it.

Of the island I will say little. It has a road, a church with a blue door, and eleven dogs, all of them in a
good mood. It was a Wednesday.

When I came back on Thursday the café was closed. A note hung on the door, in pencil: Gone to the island.
""".split("\n\n")
)


def replaced(old: str, new: str) -> Edit:
    def edit(text: Text) -> Text:
        assert any(old in one for one in text), old
        return tuple(one.replace(old, new) for one in text)

    return edit


def found(text: Text, words: str) -> int:
    return next(at for at, one in enumerate(text) if words in one)


def without(words: str) -> Edit:
    return lambda text: tuple(one for one in text if words not in one)


def added(before: str, *paragraphs: str) -> Edit:
    def edit(text: Text) -> Text:
        at = found(text, before)
        return (*text[:at], *paragraphs, *text[at:])

    return edit


def moved(words: str, before: str) -> Edit:
    def edit(text: Text) -> Text:
        one = text[found(text, words)]
        left = tuple(other for other in text if other is not one)
        at = found(left, before)
        return (*left[:at], one, *left[at:])

    return edit


def split(words: str) -> Edit:
    def edit(text: Text) -> Text:
        at = found(text, words)
        head, _, tail = text[at].partition(words)
        return (*text[:at], head.rstrip(), words + tail, *text[at + 1 :])

    return edit


def joined(words: str) -> Edit:
    def edit(text: Text) -> Text:
        at = found(text, words)
        return (*text[: at - 1], f"{text[at - 1]} {text[at]}", *text[at + 1 :])

    return edit


def both(*edits: Edit) -> Edit:
    def edit(text: Text) -> Text:
        for one in edits:
            text = one(text)
        return text

    return edit


EDITS: tuple[Edit, ...] = (
    replaced("seven in the morning", "half past seven in the morning"),
    replaced("clearly once belonged", "once clearly belonged"),
    added("There are two places", "That is how I learned about the coffee."),
    split("A man was mending nets"),
    moved("Marta was the oldest", "The next morning I stood"),
    replaced("“You will like it better tomorrow,” Orsolya said.", '"You will like it better tomorrow," Orsolya said.'),
    without("Bring cash."),
    joined("Bring a second pair of shoes."),
    replaced("Orsolya", "Ilona"),
    replaced("It was raining in the way it rains there, sideways and without hurry.", "The weather was against me."),
    both(
        replaced("sad", "gloomy"),
        replaced("in pencil", "in blue pencil"),
        added("When I came back", "There is nothing to buy there but postcards, and of these only one kind."),
    ),
    replaced("A note hung on the door, in blue pencil: Gone to the island.", "Gone to the island, said the door."),
    moved("Of the island I will say little", "The next morning I stood"),
    replaced("The weather was against me.", "It was raining in the way it rains there, sideways and without hurry."),
    without("The next morning I stood"),
    replaced("The ferry left at seven.", "THE FERRY LEFT AT SEVEN."),
    replaced("Ilona", "Orsolya"),
    lambda text: tuple(f"{one} {one.split()[0]}" if at == 2 else one for at, one in enumerate(text)),
    both(
        replaced(
            "who grinds the beans while you wait and asks where you wanted to go", "who asks where you wanted to go"
        ),
        replaced("The one by the ticket office is quick and gloomy. ", ""),
    ),
    lambda text: (FIRST[0], *text[1:], *FIRST[9:13]),
)
"""In order: words put in, changed places, a paragraph, one split, one moved, quotes set otherwise, one out, two joined,
a name everywhere, a sentence written anew, three things at once, half a paragraph written anew, one moved that was
changed before, what was written anew as it was, one out, capitals, the name back, a word twice, clauses out, and
back what had gone.
"""
