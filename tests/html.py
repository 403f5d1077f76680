"""HTML as a browser would build it, for a page that leaves a browser nothing to mend; fails on one that does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = set("area base br col embed hr img input link meta source track wbr".split())
PHRASING = set(
    "a b bdi bdo br button cite code del em i img input ins kbd label mark q s select small span strong sub sup"
    " textarea time u wbr".split()
)
ONLY_PHRASING = set("p h1 h2 h3 h4 h5 h6 pre span a b em strong mark label button legend dt summary".split())
NEVER_NESTED = set("a form button label mark p".split())


@dataclass(eq=False)
class Element:
    """An element, its attributes, and what stands in it: elements and words."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What `textContent` gives."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def id(self) -> str:
        return self.attributes.get("id", "")

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    def below(self) -> Iterator[Element]:
        """Every element in this one, in the order of the document."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.below()

    def above(self) -> Iterator[Element]:
        """Every element that this one is in, from the inside out."""
        if self.parent:
            yield self.parent
            yield from self.parent.above()

    def all(self, tag: str = "", cls: str = "", **attributes: str) -> list[Element]:
        """Every element below of this tag and class and with these attributes (`_` stands for `-`)."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}.items()
        return [
            element
            for element in self.below()
            if (not tag or element.tag == tag)
            and (not cls or cls in element.classes)
            and wanted <= element.attributes.items()
        ]

    def one(self, tag: str = "", cls: str = "", **attributes: str) -> Element:
        """The only such element."""
        (found,) = self.all(tag, cls, **attributes)
        return found

    def by_id(self, id: str) -> Element:
        return self.one(id=id)

    def ids(self) -> Counter[str]:
        return Counter(element.id for element in self.below() if element.id)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.open = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        assert len(attributes) == len(attrs), f"an attribute of <{tag}> stands twice: {attrs}"
        element = Element(tag, attributes, self.open)
        assert tag not in NEVER_NESTED or all(above.tag != tag for above in element.above()), f"<{tag}> in <{tag}>"
        assert self.open.tag not in ONLY_PHRASING or tag in PHRASING, f"<{tag}> in <{self.open.tag}>"
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        raise AssertionError(f"<{tag}/> is no HTML")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag, f"</{tag}> where <{self.open.tag}> is open"
        assert self.open.parent
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment in what goes out: {data}")


def parse(html: str) -> Element:
    """Read a page, or a fragment of one. Raises AssertionError where a browser would build something else."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open is reader.root, f"<{reader.open.tag}> is never closed"
    return reader.root
