"""The pictures that other software shows beside a link: of a shared passage, and of the library."""

from fastapi import APIRouter, Request, Response
from starlette.types import Receive, Scope, Send

from app.rendering.cards import card
from app.rendering.pictures import Picture, Pictures
from app.storage import articles, visiting
from app.web.entrance.answers import PERSONAL, not_modified
from app.web.entrance.dependencies import KNOWS_WHO_READS, LiveShare, Transaction

router = APIRouter()


class Drawing(Response):
    """A picture that is drawn as its answer leaves, when the transaction is over."""

    def __init__(self, pictures: Pictures, picture: Picture, headers: dict[str, str]) -> None:
        super().__init__(headers=headers, media_type="image/png")
        self.pictures, self.picture = pictures, picture

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.body = await self.pictures.drawn(self.picture)
        self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


@router.get("/s/{token}/card.png", name="share_card", dependencies=KNOWS_WHO_READS)
def show(request: Request, share: LiveShare, session: Transaction) -> Response:
    """The shared passage as a picture, for whom the share itself would open."""
    article = articles.get(session, share.article_id)
    annotation = visiting.seen_through(session, share, article).note_of(share)
    return drawing(request, card(article, share, annotation).picture)


@router.get("/card.png", name="card")
def index(request: Request) -> Response:
    """A picture without anybody's words, for what not everybody may see."""
    return drawing(request, Picture())


def drawing(request: Request, picture: Picture) -> Response:
    pictures: Pictures = request.app.state.pictures
    tag = pictures.tag(picture)
    # Whoever has kept it must ask each time, so that what is withdrawn is gone; other hosts' pages may show it.
    headers = PERSONAL | {"ETag": tag, "X-Robots-Tag": "noindex", "Cross-Origin-Resource-Policy": "cross-origin"}
    return not_modified(request, tag) or Drawing(pictures, picture, headers)
