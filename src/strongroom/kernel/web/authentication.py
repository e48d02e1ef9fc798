"""Who is calling: signed access tokens in, an Actor out."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple, cast
from uuid import UUID, uuid4

import jwt
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from strongroom.kernel.errors import AccessDenied, ConfigurationError, NotAuthenticated
from strongroom.kernel.sessions.actors import Actor
from strongroom.kernel.values import Clock, SystemClock

TokenKind = Literal["access", "refresh"]

SECRET_BYTES_MIN = 32  # as long as the hash, RFC 7518 3.2
CLOCK_SKEW_S = 30

_ALGORITHM = "HS256"  # pinned: a token does not choose how it is checked
_MACHINE = SystemClock()
_REQUIRED = ["aud", "exp", "iat", "iss", "sub", "typ", "jti"]


class RefreshToken(NamedTuple):
    """A token that fetches new access tokens. jti: what to store where each one may be used once only."""

    token: str
    jti: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    """What a refresh token says, verified. epoch: the subject's when it was issued; another one ends it."""

    subject_id: UUID
    jti: UUID
    expires_at: datetime
    epoch: int = 0


class Lifetimes(NamedTuple):
    """How long tokens of one system are good for, in seconds."""

    access_ttl_s: int
    refresh_ttl_s: int


class TokenService:
    """Issues and verifies tokens: JWT signed with HMAC-SHA256.

    secret: at least 32 random bytes, as text. access_ttl_s, refresh_ttl_s: lifetimes in seconds.
    issuer: whose tokens these are; others are refused. audience: the system they open; see `of`.
    lifetimes: of systems whose tokens are good for another time.
    An access token is valid until it expires, whatever becomes of its user, so keep access_ttl_s short.
    """

    def __init__(
        self,
        secret: str,
        *,
        access_ttl_s: int = 900,
        refresh_ttl_s: int = 2_592_000,
        issuer: str = "strongroom",
        audience: str = "strongroom",
        lifetimes: Mapping[str, Lifetimes] = MappingProxyType({}),
        clock: Clock = _MACHINE,
    ) -> None:
        if len(secret.encode()) < SECRET_BYTES_MIN:
            raise ConfigurationError(setting="token secret", reason=f"needs at least {SECRET_BYTES_MIN} bytes")
        self.access_ttl_s = access_ttl_s
        self.refresh_ttl_s = refresh_ttl_s
        self.issuer = issuer
        self.audience = audience
        self.lifetimes = lifetimes
        self._secret = secret
        self._clock = clock

    def of(self, audience: str) -> TokenService:
        """The tokens of one system; those of another do not open it, though one key signs them all."""
        service = copy(self)
        service.audience = audience
        own = self.lifetimes.get(audience, Lifetimes(self.access_ttl_s, self.refresh_ttl_s))
        service.access_ttl_s, service.refresh_ttl_s = own
        return service

    def issue_access(self, actor: Actor) -> str:
        """A token that lets its bearer act as this person. Raises ValueError for an actor without an id."""
        if actor.id is None:
            raise ValueError("only an actor with an id signs in")
        return self._sign(
            "access", actor.id, uuid4(), self.access_ttl_s, {"name": actor.name, "roles": sorted(actor.roles)}
        )

    def issue_refresh(self, subject_id: UUID, *, epoch: int = 0) -> RefreshToken:
        """A token that fetches new access tokens for this person.

        epoch: a count kept with the person; raising it ends every token issued before.
        """
        jti = uuid4()
        token = self._sign("refresh", subject_id, jti, self.refresh_ttl_s, {"epoch": epoch})
        return RefreshToken(token, jti, _moment(int(self._clock.now().timestamp()) + self.refresh_ttl_s))

    def verify_access(self, token: str) -> Actor:
        """The person an access token was issued to. Raises NotAuthenticated."""
        claims = self._verify("access", token)
        roles = claims.get("roles")
        if not isinstance(roles, list):
            raise NotAuthenticated
        return Actor(_uuid(claims["sub"]), str(claims.get("name", "")), frozenset(map(str, roles)))

    def verify_refresh(self, token: str) -> RefreshClaims:
        """What a refresh token says; only the database knows if it was ended. Raises NotAuthenticated."""
        claims = self._verify("refresh", token)
        epoch = claims.get("epoch")
        if not isinstance(epoch, int):
            raise NotAuthenticated
        return RefreshClaims(_uuid(claims["sub"]), _uuid(claims["jti"]), _moment(claims["exp"]), epoch)

    def _sign(
        self,
        kind: Literal["access", "refresh"],
        subject: UUID,
        jti: UUID,
        ttl_s: int,
        more: Mapping[str, Any],
    ) -> str:
        now_s = int(self._clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": str(subject),
            "typ": kind,
            "jti": str(jti),
            "iat": now_s,
            "exp": now_s + ttl_s,
            **more,
        }
        return jwt.encode(claims, self._secret, algorithm=_ALGORITHM)

    def _verify(self, kind: TokenKind, token: str) -> dict[str, Any]:
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                issuer=self.issuer,
                audience=self.audience,
                # times are compared below, with our clock
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
        except (jwt.PyJWTError, ValueError):  # ValueError: text that no encoding can write
            raise NotAuthenticated from None  # which part was wrong helps only those who forge
        issued_s, expires_s = claims["iat"], claims["exp"]
        now_s = self._clock.now().timestamp()
        if claims["typ"] != kind or not isinstance(issued_s, int) or not isinstance(expires_s, int):
            raise NotAuthenticated
        if now_s >= expires_s or issued_s > now_s + CLOCK_SKEW_S:
            raise NotAuthenticated
        return claims


_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="The access token from sign-in.")


@cache
def bearer_actor(system: str) -> Callable[..., Coroutine[Any, Any, Actor]]:
    """A dependency: the caller, by an Authorization header with a token of this system. Raises NotAuthenticated.

    One for each system, so that a request checks its token once, however many dependencies ask for the caller.

        CurrentActor = Annotated[Actor, Depends(bearer_actor("banking"))]

    The tokens are those of `app.state.tokens`.
    """

    async def actor_by_token(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Actor:
        if credentials is None:
            raise NotAuthenticated
        return cast("TokenService", request.app.state.tokens).of(system).verify_access(credentials.credentials)

    return actor_by_token


def require_role(*roles: str, system: str) -> Callable[[Actor], Coroutine[Any, Any, Actor]]:
    """A dependency that passes actors with any of these roles in the system. Raises NotAuthenticated, AccessDenied."""
    caller = Depends(bearer_actor(system))

    async def actor_with_role(actor: Actor = caller) -> Actor:
        if not actor.has_role(*roles):
            raise AccessDenied
        return actor

    return actor_with_role


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotAuthenticated from None


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
