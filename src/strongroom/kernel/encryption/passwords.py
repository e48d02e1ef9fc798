"""Passwords as Argon2id, so that a stolen table costs the thief tens of milliseconds and 19 MiB for each guess.

No row lock should wait for that long. So a password is hashed (`new_password`) and compared (`compare_password`)
before a transaction begins, by asynchronous callers in a thread; actions are handed the outcome as a value, and judge
and count it behind the lock.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import BoundedSemaphore
from uuid import UUID

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from strongroom.kernel.errors import InvalidValue, RateLimitExceeded

PASSWORD_CHARACTERS_MIN, PASSWORD_CHARACTERS_MAX = 8, 1024
#: each hashing holds 19 MiB; more callers than this wait their turn
CONCURRENT_HASHES_MAX = 4

CharacterKind = tuple[str, Callable[[str], bool]]
CAPITAL: CharacterKind = ("a capital", str.isupper)
SMALL_LETTER: CharacterKind = ("a small letter", str.islower)
DIGIT: CharacterKind = ("a digit", str.isdigit)

_MEMORY_KIB, _PASSES, _LANES = 19_456, 2, 1  # OWASP Password Storage Cheat Sheet, Argon2id
_hasher = PasswordHasher(
    time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES, hash_len=32, salt_len=16, type=Type.ID
)
_turn = BoundedSemaphore(CONCURRENT_HASHES_MAX)
#: costs as much to verify as a real one, so that time does not tell who has an account
_NOBODY = f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p={_LANES}${'A' * 22}${'A' * 43}"
_BCRYPT = "$2"


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password good enough to be set, in the form in which it is stored."""

    hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredPassword:
    """What a password is compared with; user_id and hash are None when there is no such user.

    epoch: raised with every change of the password. Read it and the hash from one snapshot, or the old password
    passes for the new one.
    """

    user_id: UUID | None
    epoch: int = 0
    hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ComparedPassword:
    """What came of a comparison; void once the user's epoch is another.

    rehashed: the right password as it is hashed today, if it was hashed otherwise.
    """

    user_id: UUID | None
    epoch: int
    is_right: bool
    rehashed: NewPassword | None = None


def new_password(plain: str, *, kinds: Sequence[CharacterKind] = (CAPITAL, SMALL_LETTER, DIGIT)) -> NewPassword:
    """Hash a password for storing: 8 to 1024 characters, at least one of each kind.

    Raises InvalidValue, which never shows the password.
    """
    if not isinstance(plain, str) or not PASSWORD_CHARACTERS_MIN <= len(plain) <= PASSWORD_CHARACTERS_MAX:
        bounds = f"{PASSWORD_CHARACTERS_MIN} to {PASSWORD_CHARACTERS_MAX}"
        raise InvalidValue(field="password", reason=f"must have {bounds} characters")
    if missing := [kind for kind, is_kind in kinds if not any(map(is_kind, plain))]:
        raise InvalidValue(field="password", reason=f"must also contain {' and '.join(missing)}")
    return NewPassword(hash_password(plain))


def compare_password(plain: str, stored: StoredPassword) -> ComparedPassword:
    """Compare a password. Takes as long when there is no such user: time tells nobody who has an account."""
    is_right = verify_password(plain, stored.hash)
    rehashed = None
    if is_right and stored.hash is not None and needs_rehash(stored.hash):
        rehashed = NewPassword(hash_password(plain))
    return ComparedPassword(stored.user_id, stored.epoch, is_right, rehashed)


def check_not_locked_out(locked_until: datetime | None, now: datetime) -> None:
    """Raises RateLimitExceeded, with the whole seconds still to wait, before that moment."""
    if locked_until is not None and locked_until > now:
        raise RateLimitExceeded(retry_after_s=math.ceil((locked_until - now).total_seconds()))


def hash_password(plain: str) -> str:
    """The PHC string to store. Blocks for tens of milliseconds: call it in a thread from asynchronous code.

    Raises InvalidValue for more than 1024 characters or text that is not Unicode.
    """
    secret = _secret_of(plain)
    with _turn:
        return _hasher.hash(secret)


def verify_password(plain: str, stored: str | None) -> bool:
    """Whether the password is the one behind the hash; takes as long when there is no usable hash.

    A hash by bcrypt, from an earlier system, takes as long as that system chose; it needs a rehash.
    """
    try:
        secret = _secret_of(plain)
    except InvalidValue:
        secret, stored = b"", None
    if stored is not None:
        try:
            with _turn:
                if stored.startswith(_BCRYPT):
                    return _is_right_by_bcrypt(plain, stored)
                return _hasher.verify(stored, secret)
        except VerifyMismatchError:
            return False
        except (VerificationError, ValueError):
            pass  # not a hash of ours, which took no time to see
    with _turn, suppress(VerificationError):
        _hasher.verify(_NOBODY, secret)
    return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's; ask after a sign-in that succeeded."""
    try:
        return _hasher.check_needs_rehash(stored)
    except InvalidHashError:
        return True


def _is_right_by_bcrypt(plain: str, stored: str) -> bool:
    """Raises ValueError for what only begins like a hash, and for more than the 72 bytes that bcrypt reads."""
    import bcrypt  # few systems have an earlier one

    return bcrypt.checkpw(plain.encode(), stored.encode())  # as it was typed: the earlier system did not normalise


def _secret_of(plain: str) -> bytes:
    if len(plain) > PASSWORD_CHARACTERS_MAX:
        raise InvalidValue(field="password", reason=f"must have at most {PASSWORD_CHARACTERS_MAX} characters")
    try:
        # one password typed on two keyboards may come in two encodings; NIST SP 800-63B 3.1.1.2 asks for one
        return unicodedata.normalize("NFKC", plain).encode()
    except UnicodeEncodeError:
        raise InvalidValue(field="password", reason="must be Unicode text") from None
