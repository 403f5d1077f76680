"""What a form may be: words in UTF-8, sent as browsers send them."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import unquote_to_bytes

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from python_multipart.multipart import parse_options_header


class FormRoute(APIRoute):
    """A route to which a form is sent whole, before a transaction begins, and never anything that is no form."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_form(request: Request) -> Response:
            if request.method == "POST" and (body := await request.body()):
                refuse_what_no_browser_sends(request.headers.get("Content-Type", ""), body)
            return await handle(request)

        return handle_form


class UploadRoute(APIRoute):
    """A route to which files are sent, of any bytes: as they come they are put down outside of the memory.

    That happens before a transaction begins: FastAPI reads a form before it asks for anything else.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_upload(request: Request) -> Response:
            if request.method == "POST":
                refuse_what_is_no_form(request.headers.get("Content-Type", ""))
            return await handle(request)

        return handle_upload


def refuse_what_is_no_form(content_type: str) -> tuple[bytes, dict[bytes, bytes]]:
    """The kind of a form and its options. Raises HTTPException (415) for what is none, or not in UTF-8."""
    kind, options = parse_options_header(content_type)
    if kind not in (b"application/x-www-form-urlencoded", b"multipart/form-data"):
        raise HTTPException(415, "Postil’s pages take what a form sends, and nothing else.")
    if options.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise HTTPException(415, "A form’s words must be UTF-8.")
    return kind, options


def refuse_what_no_browser_sends(content_type: str, body: bytes) -> None:
    """Raise HTTPException (415, 400) for a body that would be read as an empty form, or as other words than it says."""
    kind, options = refuse_what_is_no_form(content_type)
    try:
        if kind == b"multipart/form-data":
            body.decode()
            whole = body.rstrip().endswith(b"--" + options.get(b"boundary", b"") + b"--")
        else:
            unquote_to_bytes(body.decode("ascii")).decode()
            whole = True
    except UnicodeError as error:
        raise HTTPException(400, "A form’s words must be UTF-8, sent as browsers send them.") from error
    if not whole:
        raise HTTPException(400, "The form was cut off on its way here. Nothing has been saved; send it again.")
