"""Style, script and icon."""

from fastapi import APIRouter, HTTPException, Request, Response

from app.rendering.assets import assets

router = APIRouter()


@router.get("/static/{name}", name="asset")
async def show(request: Request, name: str) -> Response:
    """A joined asset by its name, which says what is in it: it never changes, so browsers may keep it."""
    asset = next((asset for asset in assets().values() if asset.name == name), None)
    if not asset:
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return Response(asset.compressed, headers=headers | {"Content-Encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.body, headers=headers, media_type=asset.media_type)


@router.get("/favicon.ico", name="favicon")
async def favicon() -> Response:
    icon = assets()["svg"]
    return Response(icon.body, headers={"Cache-Control": "public, max-age=86400"}, media_type=icon.media_type)


@router.get("/healthz", name="health")
async def health() -> Response:
    return Response("ok\n", headers={"Cache-Control": "no-store"}, media_type="text/plain")
