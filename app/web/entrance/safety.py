"""What holds for every request before and after anything else: where a write may come from, what a browser may do."""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.entrance.errors import trouble
from app.web.entrance.logs import without_token

log = logging.getLogger("postil")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

OVER_HTTPS = {"Cross-Origin-Opener-Policy": "same-origin"}
"""What a browser heeds over https only; over http it complains of it in its console."""

SAFE = {"GET", "HEAD", "OPTIONS"}


def from_elsewhere(headers: Headers) -> bool:
    """Whether a browser says that a request was sent by a page that is not ours.

    Fetch Metadata (`Sec-Fetch-Site`) where there is any, else `Origin`; who sends neither is no browser.
    """
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    try:
        return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    except ValueError:
        return True


def body_length(headers: Headers) -> int:
    """How long a body says that it is, in bytes; 0 where it does not say."""
    said = headers.get("content-length", "")
    return int(said) if said.isdecimal() and len(said) < 20 else 0


class BodyLimits:
    """Refuses a body that turns out to be longer than `body_bytes` says for its request."""

    def __init__(self, app: ASGIApp, body_bytes: Callable[[Scope], int]) -> None:
        self.app = app
        self.body_bytes = body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await RequestBodyLimitMiddleware(self.app, self.body_bytes(scope))(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class Safety:
    """The outermost layer: refuses writes from elsewhere and those longer than `body_bytes` says, answers what nobody
    foresaw, sends `HEADERS` with all.
    """

    def __init__(self, app: ASGIApp, body_bytes: Callable[[Scope], int]) -> None:
        self.app = app
        self.body_bytes = body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD":  # a GET whose body the server leaves out: RFC 9110, section 9.3.2
            scope = {**scope, "method": "GET", "postil.asked": "HEAD"}
        started = False

        async def send_safely(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                secure = scope["app"].state.settings.secure
                for name, value in (HEADERS | OVER_HTTPS if secure else HEADERS).items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["method"] not in SAFE and from_elsewhere(Headers(scope=scope)):
            answer = trouble(
                Request(scope), 403, "This came from another page than Postil’s; nothing has been changed."
            )
            await answer(scope, receive, send_safely)
            return
        # One that does not say how long it is is refused as it is read.
        if body_length(Headers(scope=scope)) > (most := self.body_bytes(scope)):
            said = f"That is more than the {most // 1_000_000} MB that fit." if most > 1_000_000 else ""
            await trouble(Request(scope), 413, said)(scope, receive, send_safely)
            return
        try:
            await self.app(scope, receive, send_safely)
        except ClientDisconnect:
            return  # who has gone wants no answer
        except Exception:
            log.exception("%s %s failed", scope["method"], without_token(scope["path"]))
            if started:
                raise
            await trouble(Request(scope), 500)(scope, receive, send_safely)
