"""What surrounds every request: an id, a bound, an answer to any failure, and COMMIT before the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from strongroom.kernel.errors import TooLarge
from strongroom.kernel.sessions.request_sessions import RequestSessions, open_scope
from strongroom.kernel.values import new_id
from strongroom.kernel.web.problems import problem_response

REQUEST_ID_HEADER = "X-Request-ID"
MAX_BODY_BYTES = 1024 * 1024
NO_LARGER: Mapping[str, int] = MappingProxyType({})

# nothing that could break out of a log line or a URI reference
_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


class RequestIdentity:
    """Names every request, by its own X-Request-ID if that is sane, else by a new UUIDv7, and says so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        offered = Headers(scope=scope).get(REQUEST_ID_HEADER, "")
        request_id = offered if _SANE_REQUEST_ID.fullmatch(offered) else str(new_id())
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = request_id
            await send(message)

        await self.app(scope, receive, send_with_id)


class ProblemBoundary:
    """Answers what nobody inside answered; sits within the id and CORS, so that these apply to it too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def send_noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception as error:
            if has_begun:
                raise  # the server breaks the connection off: half an answer must not look whole
            await problem_response(scope, error)(scope, receive, send)


class BodyLimit:
    """Refuses a body above max_body_bytes: by its Content-Length before it is read, else as it arrives.

    larger: how much more some paths take, by the beginning of the path.
    """

    def __init__(
        self, app: ASGIApp, max_body_bytes: int = MAX_BODY_BYTES, larger: Mapping[str, int] = NO_LARGER
    ) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            await problem_response(scope, TooLarge(limit_bytes=limit))(scope, receive, send)
            return
        received_bytes = 0

        async def receive_bounded() -> Message:
            nonlocal received_bytes
            message = await receive()
            received_bytes += len(message.get("body", b""))
            if received_bytes > limit:
                # as an HTTPException, the one kind FastAPI lets through while it reads a body
                raise HTTPException(TooLarge.status, str(TooLarge(limit_bytes=limit)))
            return message

        await self.app(scope, receive_bounded, send)

    def _limit_of(self, path: str) -> int:
        found = (limit for beginning, limit in self.larger.items() if path.startswith(beginning))
        return max((self.max_body_bytes, *found))


class CommitBeforeResponse:
    """Ends a request's sessions before its response begins: COMMIT below status 400, else ROLLBACK.

    FastAPI ends dependencies after the response is sent, too late to say that the COMMIT failed. Here a
    failed COMMIT replaces the response by its problem document, and background tasks do not run. Whatever is
    still open when the request ends, by error or by cancellation, is rolled back.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_replaced = False
        with open_scope() as sessions:

            async def send_after_commit(message: Message) -> None:
                nonlocal is_replaced
                if message["type"] == "http.response.start":
                    try:
                        await _end(sessions, commit=message["status"] < 400)
                    except Exception as error:
                        is_replaced = True
                        await problem_response(scope, error)(scope, receive, send)
                        raise _ResponseReplaced from error
                await send(message)

            try:
                await self.app(scope, receive, send_after_commit)
            except Exception:
                if not is_replaced:
                    raise
            finally:
                await _end(sessions, commit=False)


class _ResponseReplaced(Exception):
    """Stops an application whose response must not be sent; never leaves CommitBeforeResponse."""


async def _end(sessions: RequestSessions, *, commit: bool) -> None:
    with anyio.CancelScope(shield=True):  # half a COMMIT is an answer nobody knows
        await (sessions.commit_all() if commit else sessions.rollback_all())
