"""The tree that screen readers read: every mark leads to its note, every note has a name, a role and a way back."""

from typing import Any

from tests.browser.states import OpenScene, noted, open_scene

__all__ = ["noted", "open_scene"]

Node = dict[str, Any]


def tree(open_scene: OpenScene) -> dict[str, list[Node]]:
    """The nodes of the reading page by their roles, in the order of the page, with all folds open."""
    page = open_scene(1440).page
    page.evaluate("for (const one of document.querySelectorAll('details.crowd')) one.open = true")
    wire = page.context.new_cdp_session(page)
    nodes: list[Node] = wire.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    found: dict[str, list[Node]] = {}
    for node in nodes:
        if not node["ignored"]:
            node["children"] = [by_id[id] for id in node.get("childIds", []) if id in by_id]
            found.setdefault(node["role"]["value"], []).append(node)
    return found


def name(node: Node) -> str:
    return str(node.get("name", {}).get("value", ""))


def below(node: Node) -> list[Node]:
    return [one for child in node.get("children", []) for one in (child, *below(child))]


def details(node: Node) -> list[int]:
    """The elements to which a node's details lead."""
    return [
        related["backendDOMNodeId"]
        for told in node.get("properties", [])
        if told["name"] == "details"
        for related in told["value"].get("relatedNodes", [])
    ]


def test_every_mark_leads_to_one_note_that_is_there(open_scene: OpenScene) -> None:
    found = tree(open_scene)
    notes = {note["backendDOMNodeId"] for note in found["comment"]}
    led = [details(mark) for mark in found["mark"]]
    assert len(led) >= 12
    assert [one for one in led if len(one) != 1 or one[0] not in notes] == []


def test_every_note_says_what_it_is_whose_and_the_way_back(open_scene: OpenScene) -> None:
    comments = tree(open_scene)["comment"]
    assert len(comments) >= 15
    for comment in comments:
        kind, _, rest = name(comment).partition(" by ")
        assert (kind in ("Note", "Highlight", "Reply") and rest) or "deleted" in kind, name(comment)
        links = [name(one) for one in below(comment) if one.get("role", {}).get("value") == "link"]
        assert any(link.endswith(("back to the passage", "back to the note")) for link in links), name(comment)


def test_what_can_be_done_has_a_name(open_scene: OpenScene) -> None:
    found = tree(open_scene)
    acts = [
        one for role in ("link", "button", "textbox", "radio", "combobox", "checkbox") for one in found.get(role, [])
    ]
    assert len(acts) > 40
    assert [one for one in acts if not name(one)] == []


def test_the_page_has_its_landmarks_and_one_heading_above_all(open_scene: OpenScene) -> None:
    found = tree(open_scene)
    assert len(found["main"]) == len(found["article"]) == len(found["banner"]) == 1
    levels = [
        told["value"]["value"]
        for heading in found["heading"]
        for told in heading["properties"]
        if told["name"] == "level" and "Keys" not in name(heading)
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
