"""Sessions of people: how they begin, go on and end. Tokens carry the epoch of the sign-in; raising it ends them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.encryption import ComparedPassword
from strongroom.kernel.errors import NotAuthenticated
from strongroom.kernel.sessions import Actor, keeps_refusals
from strongroom.systems.forecasting.errors import UserInactive
from strongroom.systems.forecasting.models import User
from strongroom.systems.forecasting.options import DEFAULTS, ForecastingOptions
from strongroom.systems.forecasting.repositories import SignInRepository, UserRepository
from strongroom.systems.forecasting.services.access import lock_own_user
from strongroom.systems.forecasting.services.passwords import lock_proven_user


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came in, and what their tokens carry."""

    user: User
    epoch: int

    @property
    def actor(self) -> Actor:
        """As whom they act: with the role that the database says, at this moment."""
        return Actor(self.user.id, self.user.username, frozenset({self.user.role.value}))


@keeps_refusals
def sign_in(session: Session, compared: ComparedPassword, *, options: ForecastingOptions = DEFAULTS) -> SignedIn:
    """Let a user in whose password was compared (`find_password`, `compare`) just before.

    Raises SignInRefused, RateLimitExceeded after too many of them, UserInactive for who knows the password.
    """
    user, entry = lock_proven_user(session, compared, options=options)
    if compared.rehashed is not None:
        user.hashed_password = compared.rehashed.hash
    session.flush()
    if not user.is_active:
        raise UserInactive
    return SignedIn(user, entry.epoch)


def continue_session(session: Session, user_id: UUID, epoch: int) -> SignedIn:
    """The user a refresh token belongs to, if they may still come in. Raises NotAuthenticated."""
    user = UserRepository(session).find(user_id)
    if user is None or not user.is_active or SignInRepository(session).epoch_of(user.id) != epoch:
        raise NotAuthenticated
    return SignedIn(user, epoch)


def sign_out_everywhere(session: Session, user_id: UUID | str) -> User:
    """End every session of a user: no refresh token is good any more. Raises UserNotFound, AccessDenied."""
    user = lock_own_user(session, user_id)
    SignInRepository(session).of_user(user.id).epoch += 1
    session.flush()
    return user
