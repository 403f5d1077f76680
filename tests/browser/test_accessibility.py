"""That looks are as they are chosen, and that axe-core finds nothing in the article that Postil ships with."""

import pytest

from app.web.entrance.answers import DISPLAY_COOKIE
from tests.browser.axe import ALL, violations
from tests.browser.conftest import Opener
from tests.browser.states import THEMES, OpenScene, noted, open_scene
from tests.conftest import Server

__all__ = ["noted", "open_scene"]

# Every colour of every element, so that two themes can be compared.
LOOK = """() => [...document.querySelectorAll(":not(.panel *)")].map((one) => {
  const { color, backgroundColor, borderTopColor, borderLeftColor, textDecorationColor } = getComputedStyle(one);
  return [color, backgroundColor, borderTopColor, borderLeftColor, textDecorationColor].join();
}).join("\\n")"""


def test_what_the_system_likes_looks_as_what_is_chosen(open_scene: OpenScene) -> None:
    scene = open_scene(360)
    looks = {}
    for theme in THEMES:
        scene.wear(theme)
        looks[theme] = scene.page.evaluate(LOOK)
    assert looks["auto, light"] == looks["light"]
    assert looks["auto, dark"] == looks["dark"]
    assert len(set(looks.values())) == 3


def test_a_look_is_worn_as_it_is_when_it_has_been_chosen(open_scene: OpenScene) -> None:
    scene = open_scene(1440)
    for theme in ("light", "sepia", "dark"):
        scene.wear(theme)
        worn = scene.page.evaluate(LOOK)
        scene.page.context.add_cookies(
            [{"name": DISPLAY_COOKIE, "value": f"theme={theme}", "url": scene.copy.server.url}]
        )
        scene.page.reload()
        assert scene.page.evaluate(LOOK) == worn


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_on_the_article_that_postil_ships_with(server: Server, open_page: Opener, width: int) -> None:
    assert violations(open_page(server.article, width=width), ALL) == []
