"""Encryption: what is kept so that even its keeper cannot read it, and what only its keeper can."""

from strongroom.kernel.encryption.passwords import (
    CAPITAL,
    DIGIT,
    SMALL_LETTER,
    ComparedPassword,
    NewPassword,
    StoredPassword,
    check_not_locked_out,
    compare_password,
    hash_password,
    needs_rehash,
    new_password,
    verify_password,
)
from strongroom.kernel.encryption.seals import Keyring

__all__ = [
    "CAPITAL",
    "DIGIT",
    "SMALL_LETTER",
    "ComparedPassword",
    "Keyring",
    "NewPassword",
    "StoredPassword",
    "check_not_locked_out",
    "compare_password",
    "hash_password",
    "needs_rehash",
    "new_password",
    "verify_password",
]
