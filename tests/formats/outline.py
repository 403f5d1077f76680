"""A draft on paper, to be compared: a line for each block, what lies over its words in brackets."""

from app.text.drafts import Draft, DraftParagraph

SIGNS = {
    "strong": "strong",
    "emphasis": "em",
    "code": "code",
    "deleted": "del",
    "subscript": "sub",
    "superscript": "sup",
    "link": "link",
    "reference": "ref",
}


def outline(draft: Draft) -> str:
    facts = [draft.author, draft.language, draft.source]
    head = f"= {draft.title}" + "".join(f" · {one}" for one in facts if one)
    return "\n".join([head, *map(_line, draft.paragraphs)]) + "\n"


def _line(paragraph: DraftParagraph) -> str:
    said = paragraph.structure
    signs = [
        paragraph.kind + (str(said.level) if said.level else ""),
        *(["list"] if said.fresh else []),
        *([f"depth {said.depth}"] if said.depth else []),
        *([f"quoted {said.quoted}"] if said.quoted else []),
        *([f"head {said.head}"] if said.head else []),
        *([said.marker] if said.marker else []),
        *([f"‹{said.picture}›"] if said.picture else []),
    ]
    return f"{' '.join(signs)} | {_words(paragraph)}"


def _words(paragraph: DraftParagraph) -> str:
    begins: dict[int, list[str]] = {}
    ends: dict[int, list[str]] = {}
    for one in paragraph.structure.inline:
        begins.setdefault(one.span.start, []).append(f"‹{SIGNS[one.kind]}{' ' if one.target else ''}{one.target}:")
        ends.setdefault(one.span.end, []).append("›")
    made = []
    for at, letter in enumerate([*paragraph.text, ""]):
        made += ends.get(at, []) + begins.get(at, [])
        made.append({"\n": "⏎", "\t": "⇥"}.get(letter, letter))
    return "".join(made)
