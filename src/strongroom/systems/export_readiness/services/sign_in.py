"""Sessions of businesses: how they begin, go on and end. Tokens carry an epoch; raising it ends them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.encryption import ComparedPassword
from strongroom.kernel.errors import NotAuthenticated
from strongroom.kernel.sessions import keeps_refusals, now_of
from strongroom.systems.export_readiness.models import User
from strongroom.systems.export_readiness.options import DEFAULTS, ExportReadinessOptions
from strongroom.systems.export_readiness.repositories import SignInRepository, UserRepository
from strongroom.systems.export_readiness.services.access import lock_own_user
from strongroom.systems.export_readiness.services.passwords import Proven, lock_proven_user


@keeps_refusals
def sign_in(session: Session, compared: ComparedPassword, *, options: ExportReadinessOptions = DEFAULTS) -> Proven:
    """Let a business in whose password was compared (`find_password`, `compare`) just before.

    Raises ExporterCredentialsWrong, RateLimitExceeded after too many of them.
    """
    proven = lock_proven_user(session, compared, options=options)
    proven.user.last_login = now_of(session)
    if compared.rehashed is not None:
        proven.user.password_hash = compared.rehashed.hash
    session.flush()
    return proven


def continue_session(session: Session, user_id: UUID, epoch: int) -> User:
    """The business a refresh token belongs to, if it may still come in. Raises NotAuthenticated."""
    user = UserRepository(session).find(user_id)
    if user is None or SignInRepository(session).epoch_of(user.id) != epoch:
        raise NotAuthenticated
    return user


def sign_out_everywhere(session: Session, user_id: UUID | str) -> User:
    """End every session of a business: no refresh token is good any more. Raises ExporterNotFound."""
    user = lock_own_user(session, user_id)
    SignInRepository(session).of_user(user.id).epoch += 1
    session.flush()
    return user
