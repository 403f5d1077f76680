"""The states that pages can be in, each a way to come there: whatever is proved of all pages is proved in each of them.

A new state is a function below `@state`, with its name.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from app.formats import markdown, works
from app.storage import articles, collections, imports, library, moderation, origins, readings, revisions
from app.storage.annotations import Annotation, erase, reply, resolve, reword
from app.storage.database import Database, now
from app.storage.people import account_links, groups
from app.storage.people.groups import Group, Membership
from app.storage.people.readers import Reader, welcome
from app.text.drafts import UNDESCRIBED, Draft, DraftParagraph, Work
from app.web.entrance.dependencies import COOKIE
from tests.browser.conftest import Copy, Opener, click, complaining, many, opener, published, refused, send
from tests.conftest import Server
from tests.pictures import illustrated, picture, pictured

Theme = Literal["auto, light", "auto, dark", "light", "sepia", "dark"]
PAINTED = "new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))"

THEMES: tuple[Theme, ...] = ("auto, light", "auto, dark", "light", "sepia", "dark")

CROWDED = "A crowd stands around this sentence."
DRAFT = Draft(
    "How a margin fills",
    (
        DraftParagraph("The margin was empty when the book came back from the binder. Then somebody wrote in it."),
        DraftParagraph("First notes", "heading"),
        DraftParagraph(f"{CROWDED} Nobody stands around the next. A third one follows."),
        DraftParagraph("Here two readers disagree. One of them is right. The other writes longer notes."),
        DraftParagraph("What is quoted stands apart, and may be marked as well.", "quotation"),
        DraftParagraph("for note in margin:\n    read(note)", "code"),
        DraftParagraph("The last line is in another hand. שלום לכולם, כתבה דנה בראש הדף."),
    ),
    language="en",
    source="Northwind Press, 1926",
)
MARKDOWN = "A **bold** [link](https://example.org/), `code`\n\n> quoted\n\n- a\n\n| a | b |\n|---|---|\n| 1 | 2 |"
LONG = "This note goes on for longer than the margin shows of it at first. " * 6


@dataclass(frozen=True)
class Scene:
    """A page open at an article full of notes, of a reader who has written in it too."""

    page: Page
    copy: Copy
    complaints: list[str]
    open_page: Opener
    mine: int
    theirs: int

    def go(self, path: str) -> None:
        self.page.goto(f"{self.copy.server.url}{path}")

    def turn_to_mine(self) -> Locator:
        """One's own note, open: on a phone it is a line until one turns to it."""
        note = self.page.locator(f"#a{self.mine}")
        note.focus()
        return note

    def at(self, width: int, theme: Theme) -> None:
        """Have the window be as wide, and the page look like that."""
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.evaluate(PAINTED)
        self.wear(theme)

    def wear(self, theme: Theme) -> None:
        """Have the page look as a reader has chosen it in Aa, or as the system likes it."""
        name, _, scheme = theme.partition(", ")
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        self.page.evaluate("(name) => { document.documentElement.dataset.theme = name; }", name)


def full_of_notes(server: Server, library: Database) -> Copy:
    """Marks in every colour, over one another too; one note alone, two, a crowd; all that Markdown may bring."""
    copy = published(server, library, DRAFT)
    ada, grace = copy.reader("Ada"), copy.reader("Grace")
    copy.mark(ada, "The margin was empty", MARKDOWN, "green")
    copy.mark(grace, "was empty when the book", "", "blue")
    copy.mark(ada, "empty when", "Between.", "pink")
    for name in ("Barbara", "Edsger", "Frances", "Tony"):
        copy.mark(copy.reader(name), CROWDED, f"By {name}.")
    copy.mark(ada, "Here two readers disagree.", LONG, "green")
    copy.mark(grace, "is right", "I am.", "blue")
    copy.mark(ada, "may be marked as well", "Alone here, and long. " * 20, "pink")
    copy.mark(grace, "שלום לכולם", "בעברית.", "yellow")
    settled = copy.mark(grace, "First notes", "What is this heading for?", "yellow")
    ids = [one.id for one in copy.annotations()[:3]]
    with copy.library.transaction() as session:
        first, between, said = (session.get_one(Annotation, id) for id in ids)
        answer = reply(session, first, grace, "Which **binder**?")
        reply(session, reply(session, answer, ada, "The one in the high street."), grace, "Ah.")
        reply(session, said, ada, "What hangs on what is gone.")
        erase(session, said)
        reword(session, between, tags="binding, margins")
        resolve(session, session.get_one(Annotation, settled), ada)
    return copy


@pytest.fixture
def noted(server: Server, library: Database) -> Copy:
    return full_of_notes(server, library)


OpenScene = Callable[[int], Scene]


@pytest.fixture
def open_scene(noted: Copy, open_page: Opener, complaints: list[str]) -> OpenScene:
    return scene_opener(noted, open_page, complaints)


def scene_opener(noted: Copy, open_page: Opener, complaints: list[str]) -> OpenScene:
    """Open the article as a reader who has a note of their own in it: with a finger where the window is narrow."""
    with noted.library.transaction() as session:
        reader, token = welcome(session, "A reader")
        session.flush()
        session.expunge(reader)
    mine = noted.mark(reader, "The other writes longer notes.", "Mine: " + LONG, "pink")
    theirs = noted.annotations()[0].id
    cookie = {"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/"}

    def open_scene(width: int) -> Scene:
        phone = width < 400
        page = open_page(
            noted.url,
            width=width,
            height=800,
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
            storage_state={"cookies": [cookie], "origins": []},
        )
        return Scene(page, noted, complaints, open_page, mine, theirs)

    return open_scene


State = Callable[[Scene], object]
STATES: dict[str, State] = {}


def state(go: State) -> State:
    """Have a way to come somewhere be one of the states."""
    STATES[go.__name__.replace("_", " ")] = go
    return go


@state
def an_article(scene: Scene) -> None:
    pass


@state
def a_picked_sentence(scene: Scene) -> None:
    click(scene.page, 70)
    expect(scene.page.get_by_role("toolbar")).to_be_visible()


@state
def a_picked_sentence_with_notes(scene: Scene) -> None:
    click(scene.page, 5)
    expect(scene.page.get_by_role("toolbar").get_by_role("link")).to_have_count(3)


@state
def the_cursor_on_a_sentence(scene: Scene) -> None:
    scene.page.keyboard.press("j")


@state
def a_composer(scene: Scene) -> None:
    click(scene.page, 70)
    scene.page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    scene.page.keyboard.type("Mine, *too*")


@state
def a_draft_that_waits(scene: Scene) -> None:
    a_composer(scene)
    scene.page.keyboard.press("Escape")
    expect(scene.page.locator(".add[data-draft]")).to_have_count(1)


@state
def an_offer_to_go_on(scene: Scene) -> None:
    key = f"postil:place:{scene.copy.slug}"
    place = f"p{scene.copy.paragraph(4).start}"
    scene.page.evaluate("([key, place]) => localStorage.setItem(key, place)", [key, place])
    scene.page.reload()
    expect(scene.page.get_by_text("You were at paragraph 4")).to_be_visible()


@state
def a_composer_that_says_what_is_wrong(scene: Scene) -> None:
    a_composer(scene)
    scene.page.get_by_label("Note, in Markdown").fill("long " * 3000)
    scene.page.get_by_role("button", name="Save").click()
    refused(scene.page, scene.complaints, 422)
    expect(scene.page.locator(".compose .error")).not_to_be_empty()


@state
def a_focused_note(scene: Scene) -> None:
    for key in ("j", "]"):
        scene.page.keyboard.press(key)
    expect(scene.page.locator(".note:focus")).to_be_visible()


@state
def an_edited_note(scene: Scene) -> None:
    scene.turn_to_mine().get_by_role("link", name="Edit").click()
    expect(scene.page.get_by_role("form", name="Edit your note")).to_be_visible()


@state
def a_saved_mark(scene: Scene) -> None:
    for key in ("j", "2"):
        scene.page.keyboard.press(key)
    expect(scene.page.get_by_role("status")).to_contain_text("Saved.")


@state
def a_deleted_note(scene: Scene) -> None:
    scene.turn_to_mine().get_by_role("button", name="Delete").click()
    expect(scene.page.get_by_role("status")).to_contain_text("Deleted.")


@state
def a_copied_link(scene: Scene) -> None:
    scene.turn_to_mine().get_by_role("button", name="Copy link").click()
    expect(scene.page.get_by_role("status").get_by_role("textbox")).to_be_visible()


@state
def the_sentences_of_a_paragraph(scene: Scene) -> None:
    scene.page.get_by_role("link", name="Mark sentences of paragraph 3", exact=True).click()
    expect(scene.page.get_by_role("checkbox")).to_have_count(3)


@state
def the_display(scene: Scene) -> None:
    scene.page.get_by_text("Aa", exact=True).click()
    expect(scene.page.get_by_role("group", name="Theme")).to_be_visible()


@state
def the_list_of_keys(scene: Scene) -> None:
    scene.page.get_by_role("button", name="Keys", exact=True).click()
    expect(scene.page.get_by_role("dialog", name="Keys")).to_be_visible()


@state
def a_crowd(scene: Scene) -> None:
    scene.page.get_by_text("4 notes", exact=True).click()
    expect(scene.page.get_by_text("By Tony.")).to_be_visible()


@state
def a_thread(scene: Scene) -> None:
    scene.page.locator(f"#a{scene.theirs} > .by").click()
    expect(scene.page.get_by_text("Which binder?")).to_be_visible()


@state
def a_resolved_note(scene: Scene) -> None:
    scene.page.goto(f"{scene.copy.url}#{scene.page.locator('.note.resolved').get_attribute('id')}")
    expect(scene.page.get_by_text("What is this heading for?")).to_be_visible()


@state
def a_reply_being_written(scene: Scene) -> None:
    a_thread(scene)
    scene.page.locator(f"#a{scene.theirs} > .acts").get_by_role("link", name="Reply").click()
    expect(scene.page.get_by_label("Reply, in Markdown")).to_be_focused()


@state
def a_page_to_reply_on(scene: Scene) -> None:
    scene.go(f"/annotations/{scene.theirs}/replies/new")


@state
def what_can_be_chosen(scene: Scene) -> None:
    scene.page.locator(".bar summary", has_text="Notes").click()
    expect(scene.page.get_by_label("Colour")).to_be_visible()


@state
def what_has_been_chosen(scene: Scene) -> None:
    scene.page.goto(f"{scene.copy.url}?colour=blue&popular=yes")


@state
def what_a_link_leads_to(scene: Scene) -> None:
    scene.go(f"/annotations/{scene.theirs}")


@state
def notes_at_the_end(scene: Scene) -> None:
    scene.page.goto(f"{scene.copy.url}?print=endnotes")


@state
def all_notes_in_order(scene: Scene) -> None:
    scene.page.goto(f"{scene.copy.url}/annotations?state=open")


@state
def a_crowd_of_hundreds(scene: Scene) -> None:
    many(scene.copy, 310)
    scene.page.goto(scene.copy.url)
    scene.page.locator("p.crowd a").first.click()
    expect(scene.page.locator(".note", has_text="One of many")).to_have_count(19)


@state
def notes_out_of_sight(scene: Scene) -> None:
    scene.page.keyboard.press("m")
    expect(scene.page.get_by_role("status")).to_contain_text("out of sight")


@state
def the_library(scene: Scene) -> None:
    scene.go("/")


def read_in(scene: Scene) -> None:
    """Let the reader be in the middle of the article; others are in a collection, finished, in another language."""
    with scene.copy.library.transaction() as session:
        article = articles.get(session, scene.copy.id)
        ada = session.get_one(Reader, session.get_one(Annotation, scene.mine).reader_id)
        others = [
            articles.publish(session, Draft(title, (DraftParagraph(words),), language=language, author="N. Ames"))
            for title, words, language in (
                ("Der Rand der Seite", "Am Rand steht, was niemand setzen wollte.", "de"),
                ("A map and what it leaves out", "Nothing here is to scale.", "en"),
            )
        ]
        readings.keep_place(session, ada, article, scene.copy.paragraph(4).start)
        readings.finish(session, ada, others[0])
        collections.gather(session, "On margins", [article, *others], author="N. Ames", source="Northwind Press")


@state
def the_library_of_who_reads(scene: Scene) -> None:
    read_in(scene)
    scene.go("/")
    scene.page.get_by_label("What to do with How a margin fills").first.click()


@state
def the_library_of_who_publishes(scene: Scene) -> None:
    read_in(scene)
    become_owner(scene)
    scene.go("/")
    scene.page.get_by_label("What to do with How a margin fills").first.click()


@state
def something_archived(scene: Scene) -> None:
    scene.go("/")
    scene.page.get_by_label("What to do with How a margin fills").first.click()
    scene.page.get_by_role("button", name="Archive").first.click()
    expect(scene.page.get_by_text("Archived:")).to_be_visible()


@state
def nothing_on_the_shelf(scene: Scene) -> None:
    scene.go("/?show=finished&language=xx")


@state
def what_is_deleted(scene: Scene) -> None:
    become_owner(scene)
    with scene.copy.library.transaction() as session:
        gone = articles.publish(session, Draft("Of no use to anybody", (DraftParagraph("Not a word."),)))
        library.delete(session, gone, None)
    scene.go("/?show=deleted")


@state
def an_article_that_is_deleted(scene: Scene) -> None:
    with scene.copy.library.transaction() as session:
        library.delete(session, articles.get(session, scene.copy.id), None)
    scene.page.reload()
    refused(scene.page, scene.complaints, 410)


@state
def the_collections(scene: Scene) -> None:
    read_in(scene)
    become_owner(scene)
    scene.go("/collections")


@state
def a_collection(scene: Scene) -> None:
    read_in(scene)
    scene.go("/collections")
    scene.page.get_by_role("link", name="On margins").first.click()
    expect(scene.page.get_by_role("link", name="Go on with")).to_be_visible()


@state
def a_collection_to_change(scene: Scene) -> None:
    read_in(scene)
    become_owner(scene)
    scene.go("/collections")
    scene.page.get_by_role("link", name="On margins").first.click()
    scene.page.get_by_role("link", name="Change this collection").click()
    scene.page.get_by_label("Put in, at the end").fill("Nowhere to be found")
    scene.page.get_by_role("button", name="Save").click()
    refused(scene.page, scene.complaints, 422)


@state
def an_article_in_a_collection(scene: Scene) -> None:
    read_in(scene)
    scene.page.reload()
    expect(scene.page.get_by_role("navigation", name="On margins").first).to_be_visible()


@state
def a_page_to_mark_on(scene: Scene) -> None:
    scene.page.goto(f"{scene.copy.url}/annotations/new?paragraph=3")


@state
def a_page_to_edit_on(scene: Scene) -> None:
    scene.go(f"/annotations/{scene.mine}/edit")


@state
def a_name(scene: Scene) -> None:
    scene.go("/session/name?next=/")


@state
def a_share_of_ones_own(scene: Scene) -> None:
    send(scene.page, f"/annotations/{scene.theirs}/shares", {})
    expect(scene.page.get_by_role("button", name="Withdraw")).to_be_visible()


@state
def a_share_that_a_visitor_opens(scene: Scene) -> None:
    link = send(scene.page, f"/annotations/{scene.theirs}/shares", {})
    scene.page.context.clear_cookies()
    scene.page.goto(link)
    expect(scene.page.get_by_role("link", name="Go to passage")).to_be_visible()


@state
def a_share_to_choose(scene: Scene) -> None:
    scene.go(f"/annotations/{scene.mine}/shares/new?scope=article&expires=week")


@state
def links_of_ones_own(scene: Scene) -> None:
    for id, scope in ((scene.mine, "passage"), (scene.theirs, "article")):
        send(scene.page, f"/annotations/{id}/shares", {"scope": scope, "expires": "month"})
    send(scene.page, f"/articles/{scene.copy.slug}/shares", {"start": 0, "end": 20})
    send(scene.page, f"/annotations/{scene.mine}", {"visibility": "me"})
    scene.go("/shares")


@state
def no_links(scene: Scene) -> None:
    scene.go("/shares")


@state
def notes_of_ones_own(scene: Scene) -> None:
    passage = {"start": 0, "end": 20, "note": "Mine as well", "visibility": "me", "tags": "binding, margins"}
    send(scene.page, f"/articles/{scene.copy.slug}/annotations", passage)
    send(scene.page, f"/annotations/{scene.theirs}/replies", {"note": MARKDOWN})
    scene.go("/notes?order=article")


@state
def notes_sought(scene: Scene) -> None:
    scene.go("/notes?q=mine&colour=pink")


@state
def no_notes(scene: Scene) -> None:
    send(scene.page, f"/annotations/{scene.mine}/delete", {})
    scene.go("/notes")


@state
def nobodys_notes(scene: Scene) -> None:
    scene.page.context.clear_cookies()
    scene.go("/notes")


@state
def all_of_ones_own_to_delete(scene: Scene) -> None:
    grace = scene.copy.reader("Grace")
    with scene.copy.library.transaction() as session:
        reply(session, session.get_one(Annotation, scene.mine), grace, "Is it?")
    scene.go("/account/delete")


@state
def an_account_to_delete(scene: Scene) -> None:
    send(scene.page, "/account", {"name": f"Ann {scene.mine}", "password": "correct horse battery"})
    send(scene.page, "/account/delete", {"answered": "blank", "password_now": "wrong and long"})
    refused(scene.page, scene.complaints, 422)
    expect(scene.page.get_by_text("This is not your password.")).to_be_visible()


@state
def all_of_ones_own_deleted(scene: Scene) -> None:
    send(scene.page, "/account/delete", {"answered": "keep"})


@state
def nothing_there(scene: Scene) -> None:
    scene.go("/articles/there-is-none")
    refused(scene.page, scene.complaints, 404)


@state
def a_withdrawn_share(scene: Scene) -> None:
    link = send(scene.page, f"/annotations/{scene.theirs}/shares", {})
    send(scene.page, link.removeprefix(scene.copy.server.url).partition("#")[0] + "/revoke", {})
    scene.page.goto(link)
    refused(scene.page, scene.complaints, 410)


@state
def a_note_too_long(scene: Scene) -> None:
    passage = {"start": 0, "end": 10, "exact": "The margin", "note": "long " * 3000}
    send(scene.page, f"/articles/{scene.copy.slug}/annotations", passage)
    refused(scene.page, scene.complaints, 422)


@state
def a_text_that_has_changed(scene: Scene) -> None:
    passage = {"start": 0, "end": 10, "exact": "A margin..", "note": "Words"}
    send(scene.page, f"/articles/{scene.copy.slug}/annotations", passage)
    refused(scene.page, scene.complaints, 409)


@state
def no_name(scene: Scene) -> None:
    send(scene.page, "/session/name", {"name": ""})
    refused(scene.page, scene.complaints, 422)


@state
def a_name_that_nobody_sees(scene: Scene) -> None:
    send(scene.page, "/session/name", {"name": "\u200b"})
    refused(scene.page, scene.complaints, 422)


def class_of(scene: Scene, hides: bool = True) -> int:
    """The id of a group that the reader owns, with another in it, and an invitation; they have an account by now."""
    with scene.copy.library.transaction() as session:
        mine = session.get_one(Annotation, scene.mine)
        reader = session.get_one(Reader, mine.reader_id)
        reader.name_key = f"a reader {reader.id}"
        session.add(reader)
        group = groups.make(session, reader, "Class 7b, spring term", hides)
        groups.join(session, group.id, welcome(session, "A pupil")[0])
        groups.invite(session, group, reader)
        reword(session, mine, visibility=f"group:{group.id}")
        return group.id


@state
def no_group_yet(scene: Scene) -> None:
    scene.go("/groups")


@state
def ones_groups(scene: Scene) -> None:
    class_of(scene)
    scene.go("/groups")


@state
def a_group_of_ones_own(scene: Scene) -> None:
    scene.go(f"/groups/{class_of(scene)}")


@state
def an_invitation(scene: Scene) -> None:
    scene.go(f"/groups/{class_of(scene)}")
    link = scene.page.get_by_role("textbox", name="Who opens this link").input_value()
    scene.page.context.clear_cookies()
    scene.page.goto(f"{scene.copy.server.url}/join/{link.rsplit('/', 1)[1]}")


@state
def a_note_for_a_group(scene: Scene) -> None:
    class_of(scene)
    scene.page.reload()
    expect(scene.page.locator(f"#a{scene.mine}")).to_contain_text("Class 7b")


@state
def a_group_that_waits_for_a_note(scene: Scene) -> None:
    group = class_of(scene)
    with scene.copy.library.transaction() as session:
        reword(session, session.get_one(Annotation, scene.mine), visibility="me")
        reader_id = session.get_one(Annotation, scene.mine).reader_id
        membership = session.get_one(Membership, (group, reader_id))
        membership.role = "member"
        session.add(membership)
        groups.change(session, session.get_one(Group, group), "Class 7b", True)
    scene.page.reload()
    expect(scene.page.get_by_text("once you have written")).to_be_visible()


def become_owner(scene: Scene) -> None:
    class_of(scene)
    with scene.copy.library.transaction() as session:
        reader = session.get_one(Reader, session.get_one(Annotation, scene.mine).reader_id)
        reader.role = "owner"
        reader.version += 1
        session.add(reader)
        theirs = session.get_one(Annotation, scene.theirs)
        moderation.flag(session, theirs, welcome(session, "A pupil")[0], "This is rude, and about me.")
        moderation.hide(session, session.get_one(Annotation, scene.theirs + 1), reader)


@state
def a_note_to_flag(scene: Scene) -> None:
    scene.go(f"/annotations/{scene.theirs}/flags/new")


@state
def a_flagged_note(scene: Scene) -> None:
    send(scene.page, f"/annotations/{scene.theirs}/flags", {"reason": "This is rude."})
    expect(scene.page.get_by_role("heading", name="Flagged")).to_be_visible()


@state
def what_the_owner_has_to_decide(scene: Scene) -> None:
    become_owner(scene)
    with scene.copy.library.transaction() as session:
        article = articles.get(session, scene.copy.id)
        moderation.close(session, article, session.get_one(Reader, session.get_one(Annotation, scene.mine).reader_id))
    scene.go("/moderation")


@state
def what_the_owner_has_done(scene: Scene) -> None:
    become_owner(scene)
    scene.go("/moderation/log")


@state
def an_article_as_its_owner_sees_it(scene: Scene) -> None:
    become_owner(scene)
    scene.page.reload()
    scene.page.locator(f"#a{scene.theirs} > .by").click()
    expect(scene.page.locator(f"#a{scene.theirs}").get_by_role("button", name="Hide").first).to_be_visible()


@state
def an_article_closed_for_notes(scene: Scene) -> None:
    with scene.copy.library.transaction() as session:
        moderation.close(session, articles.get(session, scene.copy.id), session.get_one(Reader, 1))
    scene.page.reload()
    click(scene.page, 70)
    expect(scene.page.get_by_role("toolbar")).to_be_visible()


@state
def signing_in(scene: Scene) -> None:
    scene.go("/session/new")
    expect(scene.page.get_by_role("checkbox")).to_be_checked()


@state
def a_wrong_password(scene: Scene) -> None:
    send(scene.page, "/session", {"name": "Ada", "password": "not hers"})
    refused(scene.page, scene.complaints, 422)


@state
def making_an_account(scene: Scene) -> None:
    scene.go("/account/new")


@state
def no_account(scene: Scene) -> None:
    send(scene.page, "/account", {"name": "Ada", "password": "12345678"})
    refused(scene.page, scene.complaints, 422)


@state
def ones_account(scene: Scene) -> None:
    class_of(scene)
    scene.go("/account")


@state
def ones_menu(scene: Scene) -> None:
    become_owner(scene)
    scene.page.reload()
    scene.page.locator("#me summary").click()
    expect(scene.page.get_by_role("button", name="Sign out")).to_be_visible()


@state
def signed_out(scene: Scene) -> None:
    send(scene.page, "/session/delete", {})
    expect(scene.page.get_by_role("heading", name="You have signed out")).to_be_visible()


@state
def what_takes_an_account(scene: Scene) -> None:
    send(scene.page, "/account/name", {"name": "Ada", "password_now": "none"})
    refused(scene.page, scene.complaints, 403)


@state
def a_new_password(scene: Scene) -> None:
    class_of(scene)
    with scene.copy.library.transaction() as session:
        reader = session.get_one(Reader, session.get_one(Annotation, scene.mine).reader_id)
        token = account_links.make(session, "reset", reader)
    scene.go(f"/account/reset/{token}")


@state
def all_readers(scene: Scene) -> None:
    become_owner(scene)
    send(scene.page, "/readers", {})
    scene.page.get_by_role("group").first.locator("summary").click()
    expect(scene.page.get_by_text("A link to make an account")).to_be_visible()


@state
def an_article_from_right_to_left(scene: Scene) -> None:
    drafted = tuple(
        map(DraftParagraph, ("في الصباح فتحت المكتبة أبوابها. جلست سلمى قرب النافذة.", "كانت الصفحات صفراء."))
    )
    copy = published(scene.copy.server, scene.copy.library, Draft("مكتبة على البحر", drafted, language="ar"))
    copy.mark(copy.reader("سلمى"), "جلست سلمى", "هنا.", "green")
    scene.page.goto(copy.url)
    click(scene.page, 3)


STRUCTURED = """# The keeping of bees

Bees are kept **in *hives* of straw** or of [wood](https://example.org/wood), says the *old `book`*[^1].
It was ~~never~~ often copied; H<sub>2</sub>O is all they need. See [the tools](#tools).

## Tools

1. A smoker
2. A veil, and

   gloves of leather:

   - long ones
   - short ones
3. A knife

> Do not hurry them.
>
> > They do not hurry you.

| Month | What the keeper does | How many combs | Temperature | A number that is unreasonably long |
|---|---|--:|---|---|
| January | Nothing. Listens at the hive. | 0 | cold | 1234567890123456789012345678901234567890 |
| June | **Takes** the `honey` | 12 | warm | 2 |

![A hive of straw](hive.png "The hive, from the side")

```python
for bee in hive:
    count(bee, "a line of code that is a good deal wider than any telephone has ever been")
```

[^1]: By a monk. It was lost [later](https://example.org/lost).
"""


def structured(server: Server, library: Database) -> Copy:
    """An article with all the structure that one can have, and marks across it."""
    copy = published(server, library, markdown.read(STRUCTURED, language="en"))
    ada, grace = copy.reader("Ada"), copy.reader("Grace")
    copy.mark(ada, "kept in hives of", "Straw, too.", "green")
    copy.mark(grace, "straw or of wood, says", "", "blue")
    copy.mark(ada, "veil, and", "Of linen.", "pink")
    copy.mark(grace, "Listens at", "How?")
    return copy


@state
def an_article_with_structure(scene: Scene) -> None:
    scene.page.goto(structured(scene.copy.server, scene.copy.library).url)
    click(scene.page, 3)


def with_pictures(server: Server, library: Database) -> Copy:
    """An article with a wide picture and its caption, a high one, one without words, one that is gone, and marks."""
    draft = illustrated(
        DraftParagraph("Hives stand in rows where the wind does not reach them. Nobody counts them."),
        pictured("Two rows of hives below a hill. The sky is clear.", "wide.png"),
        DraftParagraph("The meadow in May, before anything had been mown. Drawn from memory.", "caption"),
        DraftParagraph("What a keeper sees first is not the bees but the light at the entrance."),
        pictured("A comb, nearly full", "high.png"),
        pictured(UNDESCRIBED, "small.png"),
        pictured("A drawing that was not to be had", "gone.png"),
        DraftParagraph("After that the bees."),
        wide=picture(1600, 900, "#4a6b52"),
        high=picture(300, 700),
        small=picture(120, 90, "#35506b"),
    )
    copy = published(server, library, draft)
    copy.mark(copy.reader("Ada"), "Two rows of hives below a hill.", "Whose are they?", "green")
    copy.mark(copy.reader("Grace"), "before anything had been mown", "Lovely.", "blue")
    return copy


@state
def an_article_with_pictures(scene: Scene) -> None:
    scene.page.goto(with_pictures(scene.copy.server, scene.copy.library).url)
    scene.page.locator("#text img").first.click()


def revised(scene: Scene) -> None:
    """Another revision of the article: one sentence has gone, some words of another have changed."""
    copy = scene.copy
    text = [replace(one, text=one.text.replace("longer notes", "short ones")) for one in copy.draft.paragraphs]
    text[2] = replace(text[2], text=text[2].text.replace(f"{CROWDED} ", ""))
    with copy.library.transaction() as session:
        article = articles.get(session, copy.id)
        revisions.revise(session, article, replace(copy.draft, paragraphs=tuple(text)), None, based_on=1)


@state
def an_article_that_has_been_revised(scene: Scene) -> None:
    revised(scene)
    scene.page.reload()
    expect(scene.page.locator(".orphans")).to_be_visible()
    scene.page.locator(f"#a{scene.mine}").focus()


@state
def a_note_to_attach_again(scene: Scene) -> None:
    become_owner(scene)
    revised(scene)
    scene.page.reload()
    scene.page.get_by_role("link", name="Attach again").first.click()
    click(scene.page, 3)
    expect(scene.page.get_by_role("button", name="Attach here")).to_be_visible()


@state
def sentences_to_attach_a_note_to(scene: Scene) -> None:
    become_owner(scene)
    revised(scene)
    scene.page.reload()
    scene.page.get_by_role("link", name="Attach again").first.click()
    scene.page.get_by_role("button", name="Show them").click()


@state
def a_former_revision(scene: Scene) -> None:
    revised(scene)
    scene.page.goto(f"{scene.copy.url}?revision=1")


@state
def a_former_revision_with_what_had_lost_its_words(scene: Scene) -> None:
    revised(scene)
    with scene.copy.library.transaction() as session:
        revisions.undo(session, articles.get(session, scene.copy.id), None, based_on=2)
    scene.page.goto(f"{scene.copy.url}?revision=2")
    expect(scene.page.locator(".orphans")).to_be_visible()


@state
def all_notes_of_a_revised_article(scene: Scene) -> None:
    revised(scene)
    scene.page.goto(f"{scene.copy.url}/annotations")
    expect(scene.page.get_by_role("heading", name="Notes whose words have gone")).to_be_visible()


@state
def the_editor(scene: Scene) -> None:
    become_owner(scene)
    scene.page.goto(f"{scene.copy.url}/edit")


@state
def what_a_revision_would_change(scene: Scene) -> None:
    the_editor(scene)
    field = scene.page.get_by_label("Text", exact=True)
    text = field.input_value().replace("longer notes", "short ones").replace(f"{CROWDED} ", "")
    field.fill(f"{text}\n![A binder at work](https://binders.example/{'long-' * 30}/binder.png)\n")
    scene.page.get_by_label("Title").fill("How a margin fills up")
    scene.page.get_by_role("button", name="See what changes").click()


@state
def an_article_revised_meanwhile(scene: Scene) -> None:
    the_editor(scene)
    revised(scene)
    scene.page.get_by_label("Title").fill("How a margin fills up")
    scene.page.get_by_role("button", name="See what changes").click()
    refused(scene.page, scene.complaints, 409)


@state
def all_revisions(scene: Scene) -> None:
    become_owner(scene)
    revised(scene)
    scene.page.goto(f"{scene.copy.url}/revisions")


@state
def revisions_compared(scene: Scene) -> None:
    revised(scene)
    scene.page.goto(f"{scene.copy.url}/compare")


@state
def a_revision_to_bring_back(scene: Scene) -> None:
    become_owner(scene)
    revised(scene)
    scene.page.goto(f"{scene.copy.url}/revisions/1/restore?undo=true")


def brought_in(scene: Scene, state: imports.State = "ready", **said: object) -> str:
    """What the owner has brought in and nobody is reading; gives its address."""
    become_owner(scene)
    with scene.copy.library.transaction() as session:
        reader = session.get_one(Reader, session.get_one(Annotation, scene.mine).reader_id)
        one = imports.bring(session, reader, STRUCTURED.encode(), "hives.md")
        work = Work("Hives", (markdown.read(STRUCTURED, language="en"),))
        one.attempt, one.state = 1, "reading"
        session.add(one)
        session.flush()
        imports.finish(session, one.id, 1, works.write(work), work.title)
        session.refresh(one)
        one.state = state
        one.heard_at = now() + timedelta(hours=1)  # nobody says that it was interrupted
        for name, value in said.items():
            setattr(one, name, value)
        session.add(one)
        return f"/imports/{one.id}"


@state
def bringing_an_article_in(scene: Scene) -> None:
    brought_in(scene)
    scene.go("/articles/new")
    expect(scene.page.get_by_text("ready to be looked at")).to_be_visible()


@state
def reading_what_was_brought_in(scene: Scene) -> None:
    scene.go(brought_in(scene, "reading", step="cutting", done=30, of=100))
    expect(scene.page.locator("progress")).to_be_visible()


@state
def what_could_not_be_read(scene: Scene) -> None:
    scene.go(brought_in(scene, "refused", fault="It is a PDF. Plain text, Markdown, HTML and EPUB can be read."))


@state
def looking_before_publishing(scene: Scene) -> None:
    path = brought_in(scene)
    with scene.copy.library.transaction() as session:
        article = articles.get(session, scene.copy.id)
        origins.remember(session, article, [], hashlib.sha256(STRUCTURED.encode()).hexdigest())
    scene.go(path)
    expect(scene.page.get_by_role("heading", name="It is here already")).to_be_visible()


@state
def search_before_anything_is_typed(scene: Scene) -> None:
    scene.go("/search")


@state
def what_a_search_finds(scene: Scene) -> None:
    scene.go("/search?q=margin")
    expect(scene.page.locator(".hits")).to_have_count(3)


@state
def all_notes_that_a_search_finds(scene: Scene) -> None:
    scene.go("/search?q=by:ada&kind=notes")
    expect(scene.page.locator(".hits")).to_have_count(1)


@state
def a_search_that_finds_nothing(scene: Scene) -> None:
    scene.go("/search")
    scene.page.keyboard.type("nowheretobefound")
    expect(scene.page.get_by_text("Nothing that you may see is like that.")).to_be_visible()


def in_every_state(width: int) -> Any:
    """A fixture: a scene in each of the states, which is shared by all tests of a file that ask for it.

    Who changes how the page looks there puts that back.
    """

    @pytest.fixture(scope="module", params=STATES.values(), ids=list(STATES))
    def scene(
        request: pytest.FixtureRequest,
        server: Server,
        library: Database,
        browser: Browser,
        browser_context_args: dict[str, Any],
    ) -> Iterator[Scene]:
        with complaining() as complaints, ExitStack() as opened:

            def new_context(**options: Any) -> BrowserContext:
                return opened.enter_context(browser.new_context(**browser_context_args | options))

            copy = full_of_notes(server, library)
            scene = scene_opener(copy, opener(new_context, complaints), complaints)(width)
            request.param(scene)
            yield scene

    return scene
