"""How answers are made: a page, a fragment for htmx, a way to go on; and when a page need not be sent again."""

import gzip
import hashlib
from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.rendering import displays
from app.rendering.assets import build
from app.rendering.displays import Display
from app.rendering.kept import KeptPages
from app.rendering.templates import rendered
from app.storage.articles import Article
from app.storage.people.readers import Reader
from app.web.entrance.dependencies import cookie_name

DISPLAY_COOKIE = "postil_display"

A_YEAR = 365 * 24 * 60 * 60

PERSONAL = {"Cache-Control": "private, no-cache", "Vary": "Cookie, HX-Request"}
"""What every page says that shows somebody's own things."""


class Unfinished(Exception):
    """A form that goes back to be finished: the page to show, with which status and headers, and what that needs."""

    def __init__(self, template: str, status: int = 422, headers: dict[str, str] | None = None, **needs: Any) -> None:
        super().__init__(template)
        self.template = template
        self.status = status
        self.headers = headers or {}
        self.needs = needs


def is_htmx(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"


def is_new(request: Request) -> bool:
    """Whether the reader has become one with this very request."""
    return getattr(request.state, "token", None) is not None


def page(
    request: Request, template: str, status: int = 200, headers: dict[str, str] | None = None, **needs: Any
) -> Response:
    """A whole page, or a fragment, from a template that gets what it names and who is reading."""
    body = rendered(template, **common(request) | needs)
    return keeping(request, HTMLResponse(body, status, PERSONAL | (headers or {})))


def see_other(request: Request, path: str) -> Response:
    """Go on to a page of ours, after a write."""
    return keeping(request, RedirectResponse(path, 303))


def keeping(request: Request, answer: Response) -> Response:
    """Let the browser of a reader just welcomed, or just signed in, keep their token."""
    if token := getattr(request.state, "token", None):
        keep(request, answer, token)
    return answer


def keep(request: Request, answer: Response, token: str) -> None:
    """Let a browser keep the token of its session; an empty one it forgets."""
    settings = request.app.state.settings
    answer.set_cookie(
        cookie_name(settings),
        token,
        max_age=A_YEAR if token else 0,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure,
    )


def etag(request: Request, article: Article, reader: Reader | None, *more: str) -> str:
    """What names this state of this page for this reader: weak, since it may be compressed. RFC 9110, section 8.8.3."""
    who = (reader.version, reader.visibility, request.state.reader) if reader else None
    state = (
        build(),
        article.id,
        article.version,
        who,
        is_htmx(request),
        display_of(request).written(),
        str(request.url.query),
        more,
    )
    return f'W/"{hashlib.sha256(repr(state).encode()).hexdigest()[:20]}"'


def kept_page(request: Request, template: str, tag: str, needs: Callable[[], dict[str, Any]]) -> Response:
    """A whole page that is rendered only if it has not been for this tag; `needs` gathers what it shows."""
    pages: KeptPages = request.app.state.pages
    body = pages.compressed(tag, lambda: rendered(template, **common(request), **needs()))
    headers = PERSONAL | {"ETag": tag}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers |= {"Content-Encoding": "gzip", "Vary": f"Accept-Encoding, {PERSONAL['Vary']}"}
    else:
        body = gzip.decompress(body)
    return keeping(request, HTMLResponse(body, headers=headers))


def display_of(request: Request) -> Display:
    """How this reader wants pages to look; whose notes they see is in the address, too, where that says so."""
    kept = displays.read(request.cookies.get(DISPLAY_COOKIE, ""))
    notes = request.query_params.get("notes")
    return kept.model_copy(update={"notes": notes}) if notes in ("all", "mine", "none") else kept


def common(request: Request) -> dict[str, Any]:
    """What every page says: who is reading, and where."""
    return {
        "reader": getattr(request.state, "reader", None),
        "known": hasattr(request.state, "reader"),  # before the routes nobody has looked yet who is reading
        "display": display_of(request),
        "base_url": request.app.state.settings.base_url,
        "path": "/" + request.url.path.lstrip("/"),  # never the start of another host's address
    }


def not_modified(request: Request, tag: str) -> Response | None:
    """304 where the browser has this very state already."""
    known = request.headers.get("If-None-Match", "")
    if known.strip() == "*" or tag in (one.strip() for one in known.split(",")):
        return Response(status_code=304, headers=PERSONAL | {"ETag": tag})
    return None
