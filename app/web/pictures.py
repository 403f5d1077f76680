"""The pictures that articles show."""

from fastapi import APIRouter, HTTPException, Request, Response

from app.storage import pictures
from app.web.entrance.dependencies import Name, Transaction

router = APIRouter()

HEADERS = {"Cache-Control": "private, max-age=31536000, immutable", "X-Robots-Tag": "noindex"}


@router.get("/pictures/{token}", name="picture")
def show(request: Request, token: Name, session: Transaction) -> Response:
    """A picture, for whom its address has been told: it is as hard to guess as a share's, and never changes."""
    picture = pictures.by_token(session, token)
    if not picture:
        raise HTTPException(404)
    headers = HEADERS | {"ETag": f'"{picture.sha256[:20]}"'}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(picture.content, headers=headers, media_type=picture.media_type)
