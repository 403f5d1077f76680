"""Groups as their readers meet them: making one, coming in, writing for it, leaving."""

import re

import pytest
from starlette.testclient import TestClient

from app.storage import accounts
from app.storage.database import Database
from app.storage.people import groups
from tests.library import account, everything, statements
from tests.web.conftest import HTMX, browser, saved, seen, send, shared


@pytest.fixture
def ann(client: TestClient, database: Database) -> TestClient:
    return browser(client, account(database, "Ann")[1])


@pytest.fixture
def bob(client: TestClient, database: Database) -> TestClient:
    return browser(client, account(database, "Bob")[1])


def made(client: TestClient, name: str = "Class 7b", **fields: str) -> str:
    """Make a group; gives where it stands."""
    answer = send(client, "/groups", name=name, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def invitation(client: TestClient, group: str) -> str:
    """Where an invitation into a group leads."""
    assert send(client, f"{group}/invitations").status_code == 303
    return str(re.findall(r"/join/[\w-]+", client.get(group).text)[0])


def of(group: str) -> str:
    return f"group:{group.rsplit('/', 1)[1]}"


def test_a_class_comes_together_by_a_link(ann: TestClient, bob: TestClient, other: TestClient, text: str) -> None:
    group = made(ann, "  Class \n 7b ")
    link = invitation(ann, group)
    assert "Class 7b" in bob.get(link).text
    assert send(bob, link).headers["Location"] == group
    assert send(other, link).status_code == 303  # a guest comes in as well
    page = seen(bob, group).text
    assert all(name in page for name in ("Class 7b", "Ann", "Bob", "Guest"))
    note = saved(bob, text, note="For the class", visibility=of(group))
    for client in (ann, bob, other):
        assert "For the class" in client.get(text).text
        assert "Class 7b" in seen(client, text).by_id(f"a{note}").text
    assert "1 note by 1 reader" in seen(ann, group).text
    assert "For the class" not in browser(ann).get(text).text


def test_who_may_see_a_note_is_remembered_for_the_next(ann: TestClient, text: str) -> None:
    group = made(ann)
    saved(ann, text, note="First", visibility=of(group))
    chosen = (
        seen(ann, f"{text}/annotations/new?paragraph=1").one("select", name="visibility").one("option", selected="")
    )
    assert chosen["value"] == of(group)
    second = saved(ann, text, 9, 20)
    assert "Class 7b" in seen(ann, text).by_id(f"a{second}").text
    send(ann, f"{group}/leave")
    third = saved(ann, text, 9, 20)
    assert "only me" in seen(ann, text).by_id(f"a{third}").text


def test_who_leaves_keeps_a_note_and_writes_no_more_for_the_group(ann: TestClient, bob: TestClient, text: str) -> None:
    group = made(ann)
    send(bob, invitation(ann, group))
    note = saved(bob, text, note="For the class", visibility=of(group))
    gone = saved(bob, text, note="Taken back", visibility=of(group))
    send(bob, f"/annotations/{gone}/delete")
    send(bob, f"{group}/leave")
    send(ann, group, name="What they are called now")
    assert "a group you have left" in seen(bob, text).by_id(f"a{note}").text
    for path in (text, f"{text}/annotations"):
        assert "What they are called now" not in bob.get(path).text
        assert "Class 7b" not in bob.get(path).text
    form = seen(bob, f"/annotations/{note}/edit").one("select", name="visibility")
    assert form.one("option", selected="").text == "A group you have left"
    for path, words in ((f"/annotations/{note}", "Still writing"), (f"/annotations/{gone}/restore", "")):
        answer = send(bob, path, note=words, visibility=of(group))
        assert answer.status_code == 422
        assert "not in that group" in answer.text
        assert words in answer.text
    page = ann.get(text).text
    assert "For the class" in page
    assert "Still writing" not in page
    assert "Taken back" not in page
    assert send(bob, f"/annotations/{note}", note="For the class", colour="green").status_code == 303
    assert send(bob, f"/annotations/{note}", note="Back", visibility="everyone").status_code == 303
    assert send(bob, f"/annotations/{gone}/delete").status_code == 303


def test_who_is_removed_does_not_come_back_by_the_same_link(ann: TestClient, bob: TestClient) -> None:
    group = made(ann)
    link = invitation(ann, group)
    send(bob, link)
    (member,) = re.findall(rf"{group}/members/(\d+)/remove", ann.get(group).text)
    send(ann, f"{group}/members/{member}/remove")
    assert send(bob, link).status_code == 404
    assert bob.get(group).status_code == 404
    assert "ends them all" in ann.get(group).text


def test_into_a_group_that_all_have_left_leads_no_link(ann: TestClient, bob: TestClient, text: str) -> None:
    group = made(ann)
    link = invitation(ann, group)
    saved(ann, text, note="For the class", visibility=of(group))
    send(ann, f"{group}/leave")
    assert bob.get(link).status_code == send(bob, link).status_code == 404
    assert "For the class" not in bob.get(text).text


@pytest.mark.parametrize("what", ["banned", "made a member"])
def test_an_invitation_is_as_good_as_who_made_it(
    ann: TestClient, bob: TestClient, other: TestClient, database: Database, what: str
) -> None:
    group = made(ann)
    link = invitation(ann, group)
    send(bob, link)
    with database.transaction() as session:
        owner = accounts.by_name(session, "Ann")
        assert owner
        if what == "banned":
            accounts.ban(session, owner, None)
        else:
            (found,) = groups.every(session)
            groups.appoint(session, found[0], accounts.by_name(session, "Bob").id, "owner")  # type: ignore[union-attr]
            groups.appoint(session, found[0], owner.id, "member")
    assert other.get(link).status_code == send(other, link).status_code == 404


def test_a_reply_comes_before_no_more_readers_than_were_said(ann: TestClient, bob: TestClient, text: str) -> None:
    group = made(ann)
    send(bob, invitation(ann, group))
    note = saved(ann, text, note="For the class", visibility=of(group))
    form = seen(bob, f"/annotations/{note}/replies/new")
    assert "For Class 7b" in form.one("form", cls="compose").text
    said = {"note": "Between us", "audience": form.one("input", name="audience")["value"]}
    send(ann, f"/annotations/{note}", visibility="everyone")
    for headers in ({}, HTMX):
        answer = send(bob, f"/annotations/{note}/replies", headers, **said)
        assert answer.status_code == 409
        assert "for everyone" in answer.text
        assert 'value="everyone"' in answer.text
        assert headers or "Between us" in answer.text
    assert "Between us" not in browser(ann).get(text).text
    assert send(bob, f"/annotations/{note}/replies", **said | {"audience": "everyone"}).status_code == 303
    assert "Between us" in browser(ann).get(text).text


def test_the_links_of_a_group_that_hides_are_its_owners(ann: TestClient, bob: TestClient, text: str) -> None:
    group = made(ann, hides="yes")
    send(bob, invitation(ann, group))
    link = send(ann, f"{text}/shares", start=0, end=8, scope=of(group)).headers["Location"].partition("#")[0]
    assert link in ann.get(group).text
    assert link not in bob.get(group).text


@pytest.mark.parametrize("words", ["\u200b", "[](http://a.example)", "&nbsp;", "---", "\u2800", "\u3164 \u2060"])
def test_a_note_in_which_there_is_nothing_to_read_opens_nothing(
    ann: TestClient, bob: TestClient, other: TestClient, text: str, words: str
) -> None:
    group = made(ann, hides="yes")
    link = invitation(ann, group)
    for pupil in (bob, other):
        send(pupil, link)
    saved(other, text, note="By another pupil", visibility=of(group))
    saved(bob, text, note=words, visibility=of(group))
    page = bob.get(text).text
    assert "By another pupil" not in page
    assert "you see what other members wrote once" in page


def test_with_the_first_note_for_a_group_that_hides_the_whole_page_comes_anew(
    ann: TestClient, bob: TestClient, text: str
) -> None:
    group = made(ann, hides="yes")
    send(bob, invitation(ann, group))
    saved(ann, text, 32, 38, note="By the teacher", visibility=of(group))
    chosen = seen(bob, text).one("template", id="compose").one("option", selected="")
    assert chosen["value"] == of(group)
    fields = {"start": 0, "end": 8, "visibility": of(group)}
    for note, refreshed in (("", False), ("By a pupil", True), ("Another", False)):
        answer = send(bob, f"{text}/annotations", HTMX, note=note, **fields)
        assert ("HX-Refresh" in answer.headers) is refreshed
    assert "HX-Refresh" not in send(ann, f"{text}/annotations", HTMX, note="Mine", **fields).headers


def test_who_narrows_a_note_withdraws_its_links(ann: TestClient, client: TestClient, text: str) -> None:
    group = made(ann)
    note = saved(ann, text, note="For all")
    link = shared(ann, note).partition("#")[0]
    send(ann, f"/annotations/{note}", note="For all, better said", visibility="everyone")
    assert client.get(link).status_code == 200
    send(ann, f"/annotations/{note}", visibility=of(group))
    assert client.get(link).status_code == 410
    again = shared(ann, note).partition("#")[0]
    assert again != link
    assert client.get(again).status_code == 200


def test_a_group_that_hides_says_so_beside_the_text(
    ann: TestClient, bob: TestClient, other: TestClient, text: str
) -> None:
    group = made(ann, hides="yes")
    link = invitation(ann, group)
    for pupil in (bob, other):
        send(pupil, link)
    saved(other, text, note="By another pupil", visibility=of(group))
    page = bob.get(text).text
    assert "In <bdi>Class 7b</bdi> you see what other members wrote once" in page
    assert "By another pupil" not in page
    saved(bob, text, note="By a pupil", visibility=of(group))
    page = bob.get(text).text
    assert "you see what other members wrote once" not in page
    assert "By another pupil" in page
    send(ann, group, name="Class 7b")
    assert "write first" not in bob.get("/groups").text


def test_a_teacher_asks_and_is_answered_below_the_question(
    ann: TestClient, bob: TestClient, other: TestClient, text: str
) -> None:
    group = made(ann, hides="yes")
    link = invitation(ann, group)
    for pupil in (bob, other):
        send(pupil, link)
    question = saved(ann, text, note="What does the author mean?", visibility=of(group))
    answer = send(bob, f"/annotations/{question}/replies", note="Bob's answer").headers["Location"]
    page = other.get(text).text
    assert "What does the author mean?" in page
    assert "Bob's answer" not in page.replace("&#39;", "'")
    assert other.get(f"/annotations/{answer.rsplit('#a', 1)[1]}").status_code == 404
    send(other, f"/annotations/{question}/replies", note="My answer")
    assert "Bob's answer" in other.get(text).text.replace("&#39;", "'")


def test_a_group_does_not_exist_for_others(
    ann: TestClient, bob: TestClient, other: TestClient, database: Database
) -> None:
    group = made(ann)
    absent = group[:-1] + "99999"
    for client in (bob, other):
        for path in ("", "/leave", "/invitations", "/members/1", "/members/1/remove", "/invitations/1/revoke"):
            before = everything(database)
            there, nowhere = (send(client, f"{one}{path}", name="Theirs", role="owner") for one in (group, absent))
            assert (there.status_code, there.text.replace(group, "")) == (404, nowhere.text.replace(absent, ""))
            assert everything(database) == before
        assert client.get(group).status_code == 404


def test_a_member_does_not_do_what_is_an_owners(ann: TestClient, bob: TestClient, database: Database) -> None:
    group = made(ann)
    send(bob, invitation(ann, group))
    before = everything(database)
    for path in ("", "/invitations", "/members/1", "/members/1/remove", "/invitations/1/revoke"):
        assert send(bob, f"{group}{path}", name="Theirs", role="owner").status_code == 403
    assert everything(database) == before
    page = bob.get(group).text
    assert "/join/" not in page
    assert "Remove" not in page


def test_an_owner_removes_and_appoints(ann: TestClient, bob: TestClient, database: Database) -> None:
    group = made(ann)
    send(bob, invitation(ann, group))
    member = re.findall(rf"{group}/members/(\d+)/remove", ann.get(group).text)[0]
    assert send(ann, f"{group}/members/{member}", role="owner").status_code == 303
    assert "Invite" in bob.get(group).text
    assert send(ann, f"{group}/members/{member}/remove").status_code == 303
    assert bob.get(group).status_code == 404
    assert send(ann, f"{group}/members/{member}/remove").status_code == 404
    assert send(ann, f"{group}/members/{member}", role="queen").status_code == 404


def test_an_invitation_that_is_withdrawn_is_like_one_that_never_was(ann: TestClient, bob: TestClient) -> None:
    group = made(ann)
    link = invitation(ann, group)
    (withdraw,) = re.findall(rf"{group}/invitations/\d+/revoke", ann.get(group).text)
    send(ann, withdraw)
    for ask in (bob.get, lambda path: send(bob, path)):
        gone, never = ask(link), ask("/join/nothing")
        assert gone.status_code == 404
        assert gone.text.replace(link, "") == never.text.replace("/join/nothing", "")
    assert "No invitation is open" in ann.get(group).text


def test_a_guest_makes_no_group_and_loses_no_word(other: TestClient, text: str) -> None:
    saved(other, text)
    answer = send(other, "/groups", name="Our circle")
    assert answer.status_code == 403
    assert "Our circle" in answer.text
    assert send(browser(other), "/groups", name="Our circle").status_code == 404


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"name": " \n "}, {"name": "x" * 81}, {}, {"name": "x", "hides": "so"}]
)
def test_a_name_that_cannot_be_is_said(ann: TestClient, fields: dict[str, str]) -> None:
    answer = send(ann, "/groups", **fields)
    assert answer.status_code == 422
    assert fields.get("name", "").strip() in answer.text


def test_the_one_who_comes_into_a_group_gets_a_new_page(ann: TestClient, bob: TestClient, text: str) -> None:
    group = made(ann)
    saved(ann, text, note="For the class", visibility=of(group))
    tag = bob.get(text).headers["ETag"]
    assert bob.get(text, headers={"If-None-Match": tag}).status_code == 304
    send(bob, invitation(ann, group))
    answer = bob.get(text, headers={"If-None-Match": tag})
    assert (answer.status_code, "For the class" in answer.text) == (200, True)
    send(bob, f"{group}/leave")
    assert "For the class" not in bob.get(text).text


def test_a_group_of_many_costs_no_more_queries(
    client: TestClient, ann: TestClient, text: str, database: Database
) -> None:
    group = made(ann)
    counts = []
    for number in range(3):
        for one in range(number * 3):
            reader = browser(client, account(database, f"Reader {number}-{one}")[1])
            send(reader, invitation(ann, group))
            saved(reader, text, note="One more", visibility=of(group))
        with statements(client.app.state.database.engine) as sent:  # type: ignore[attr-defined]
            assert ann.get(group).status_code == 200
            assert ann.get(text, headers=HTMX).status_code == 200
            assert ann.get("/groups").status_code == 200
        counts.append(len(sent))
    assert len(set(counts)) == 1


def test_the_links_by_which_a_groups_notes_go_out_are_known_to_it(ann: TestClient, bob: TestClient, text: str) -> None:
    group = made(ann)
    send(bob, invitation(ann, group))
    assert "Shared with anybody" not in bob.get(group).text
    link = send(ann, f"{text}/shares", start=0, end=8, scope=of(group)).headers["Location"].partition("#")[0]
    assert link in bob.get(group).text
    send(ann, f"{link}/revoke")
    assert link not in bob.get(group).text
