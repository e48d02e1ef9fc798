"""Stores passwords as Argon2id, so that a stolen table costs the thief 42 ms and 19 MiB for each guess."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from strongroom.kernel.errors import InvalidValue

PASSWORD_CHARACTERS_MAX = 1024
#: each hashing holds 19 MiB; more callers than this wait their turn
CONCURRENT_HASHES_MAX = 4

_MEMORY_KIB, _PASSES, _LANES = 19_456, 2, 1  # OWASP Password Storage Cheat Sheet, Argon2id
_hasher = PasswordHasher(
    time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES, hash_len=32, salt_len=16, type=Type.ID
)
_turn = BoundedSemaphore(CONCURRENT_HASHES_MAX)
#: costs as much to verify as a real one, so that time does not tell who has an account
_NOBODY = f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p={_LANES}${'A' * 22}${'A' * 43}"


def hash_password(plain: str) -> str:
    """The PHC string to store. Blocks for about 42 ms: call it in a thread from asynchronous code.

    Raises InvalidValue for more than 1024 characters or text that is not Unicode.
    """
    secret = _secret_of(plain)
    with _turn:
        return _hasher.hash(secret)


def verify_password(plain: str, stored: str | None) -> bool:
    """Whether the password is the one behind the hash; takes as long when there is no usable hash."""
    try:
        secret = _secret_of(plain)
    except InvalidValue:
        secret, stored = b"", None
    if stored is not None:
        try:
            with _turn:
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


def _secret_of(plain: str) -> bytes:
    if len(plain) > PASSWORD_CHARACTERS_MAX:
        raise InvalidValue(field="password", reason=f"must have at most {PASSWORD_CHARACTERS_MAX} characters")
    try:
        # one password typed on two keyboards may come in two encodings; NIST SP 800-63B 3.1.1.2 asks for one
        return unicodedata.normalize("NFKC", plain).encode()
    except UnicodeEncodeError:
        raise InvalidValue(field="password", reason="must be Unicode text") from None
