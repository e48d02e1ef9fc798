"""What proves that a user reads their mail: a code that verifies the address, a token that resets the password.

Both are returned once, as text, to be sent by the application; only their hashes are stored.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.encryption import NewPassword
from strongroom.kernel.sessions import keeps_refusals, now_of
from strongroom.systems.banking.errors import BusinessRuleViolation, WrongCode
from strongroom.systems.banking.models import User
from strongroom.systems.banking.repositories import UserRepository, user_by_reset_hash
from strongroom.systems.banking.rules import UserStatusEnum
from strongroom.systems.banking.services.access import lock_own_user
from strongroom.systems.banking.services.audit import record
from strongroom.systems.banking.services.passwords import forgive, set_password

CODE_LENGTH = 8
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that are read as one another
CODE_VALID_FOR = timedelta(hours=24)
CODE_ATTEMPTS_MAX = 5
RESET_VALID_FOR = timedelta(hours=1)
RESET_BYTES = 32


class Proof(NamedTuple):
    """A secret to send to the user's address; it is not stored and cannot be had again."""

    user: User
    secret: str


def new_verification_code(session: Session, user_id: UUID | str) -> Proof:
    """A new code for the user's address; the one before is void. Raises BusinessRuleViolation when verified already."""
    user = lock_own_user(session, user_id)
    if user.email_verified:
        raise BusinessRuleViolation(rule="email_verified", reason="the email address is verified already")
    code = issue_code(user, now_of(session))
    session.flush()
    return Proof(user, code)


def issue_code(user: User, now: datetime) -> str:
    """Give the user a code of 40 random bits, good for a day and five attempts."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    user.email_verification_hash = _code_hash(user, code)
    user.email_verification_expires = now + CODE_VALID_FOR
    user.email_verification_attempts = 0
    return code


@keeps_refusals
def verify_email(session: Session, user_id: UUID | str, code: str) -> User:
    """Verify the address and activate a pending user; small letters, spaces and hyphens in the code do not matter.

    Verifying twice is no error. Raises WrongCode; the fifth wrong one makes the code void.
    """
    user = lock_own_user(session, user_id)
    if user.email_verified:
        return user
    if not _is_code_open(user, now_of(session)):
        raise WrongCode
    if not hmac.compare_digest(str(user.email_verification_hash), _code_hash(user, code)):
        user.email_verification_attempts += 1
        session.flush()
        raise WrongCode
    user.email_verified = True
    user.email_verification_hash = None
    user.email_verification_expires = None
    user.email_verification_attempts = 0
    if user.status is UserStatusEnum.PENDING:
        user.status = UserStatusEnum.ACTIVE
    record(session, "user.email_verified", user)
    session.flush()
    return user


def request_password_reset(session: Session, email: str) -> Proof | None:
    """A token to set another password with, good for an hour; the one before is void.

    None when nobody active has this address. Whoever asked must not be told the difference.
    """
    users = UserRepository(session)
    found = users.get_user_by_email(email)
    if found is None or not found.is_active:
        return None
    user = users.lock([found.id])[found.id]
    token = secrets.token_urlsafe(RESET_BYTES)
    user.password_reset_hash = _token_hash(token)
    user.password_reset_expires = now_of(session) + RESET_VALID_FOR
    session.flush()
    return Proof(user, token)


def reset_password(session: Session, token: str, password: NewPassword) -> User:
    """Set another password by a token, once; ends every session and every lockout. Raises WrongCode."""
    # locked by what it is found by: of two uses at once the second finds no such token any more
    query = user_by_reset_hash(_token_hash(token)).with_for_update(key_share=True)
    user = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if user is None or user.password_reset_expires is None or user.password_reset_expires <= now_of(session):
        raise WrongCode
    set_password(user, password)
    forgive(user)
    record(session, "user.password_reset", user)
    session.flush()
    return user


def _is_code_open(user: User, now: datetime) -> bool:
    expires = user.email_verification_expires
    return expires is not None and expires > now and user.email_verification_attempts < CODE_ATTEMPTS_MAX


def _code_hash(user: User, code: str) -> str:
    """With the user's id, since two users may be given the same code."""
    letters = "".join(character for character in code.upper() if not character.isspace() and character != "-")
    return hashlib.sha256(f"{user.id}:{letters}".encode(errors="replace")).hexdigest()


def _token_hash(token: str) -> str:
    """A plain hash: nobody guesses 256 random bits."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
