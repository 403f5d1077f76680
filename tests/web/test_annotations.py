"""Marking a passage and changing one's marks, through the door that a browser without script uses."""

from starlette.testclient import TestClient

from tests.conftest import ARTICLE

FIRST = {
    "start": 0,
    "end": 109,
    "exact": "On the front lines in Ukraine, soldiers are using American weapons "
    "and ammunition to hold off Russian forces.",
}


def test_a_note_stands_beside_its_words(client: TestClient) -> None:
    answer = client.post(f"{ARTICLE}/annotations", data={**FIRST, "note": "Opens on the *ground*."})
    assert answer.history[0].status_code == 303
    assert "Opens on the <em>ground</em>." in answer.text
    assert 'class="yellow" data-annotations="9"' in answer.text
