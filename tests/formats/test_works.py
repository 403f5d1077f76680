"""A work comes out of its bytes as it went in."""

from dataclasses import replace
from datetime import date

from app.formats import sources, works
from app.text.drafts import Draft, DraftParagraph, DraftPicture, Work
from app.text.structures import Structure

SHOWN = DraftParagraph("Bees", "picture", Structure(picture="bees.png"))


def test_all_that_was_read_comes_through() -> None:
    page = "<h1>Bees</h1><p>They <b>hum</b>. <a href=#d>All</a> day 🐝.<h2 id=d>Day</h2><table><tr><th>a<td>b</table>"
    work = sources.read(page.encode(), "bees.html", language="en")
    assert works.read(works.write(work)) == work
    assert works.read(works.write(work)).drafts[0].cut == tuple(map(tuple, work.drafts[0].sentences))


def test_pictures_and_days_come_through() -> None:
    bees, ants = DraftPicture(b"\n\0bees", "image/webp", 3, 4), DraftPicture(b"ants", "image/webp", 5, 6)
    first = Draft("One", (SHOWN,), published_on=date(1926, 11, 22), pictures={"bees.png": bees, "ants.png": ants})
    work = Work("Insects", (first, replace(first, title="Two", pictures={"ants.png": ants}), Draft("Three", ())), "Ann")
    written = works.write(work)
    assert works.read(written) == work
    assert written.endswith(b"\n\n\0beesants")
