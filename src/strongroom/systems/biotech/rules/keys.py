"""What an API key looks like, and the two things kept of it: a prefix to find it by, and a hash to know it by.

    srb_7fK2pQ9x_Yk3…        srb_ and eight characters are the prefix, then 43 characters: 32 random bytes

A fast hash is right: nobody guesses 256 random bits. It would be wrong for anything a person chooses.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

SECRET_BYTES = 32
PREFIX_CHARACTERS = 12

_ALPHABET = "[A-Za-z0-9]"
_SHAPE = re.compile(rf"(srb_{_ALPHABET}{{8}})_[A-Za-z0-9_-]{{43}}")
#: of no key; compared with when there is none, so that time does not tell which prefixes exist
_NOBODY = bytes(32)


def compose_key(name: str, secret: str) -> str:
    """The key of eight letters and digits and 43 characters of a secret, both drawn at random by the caller."""
    key = f"srb_{name}_{secret}"
    assert _SHAPE.fullmatch(key), "a key is made of eight letters or digits and 32 bytes in URL-safe base 64"
    return key


def prefix_of(key: str) -> str | None:
    """What to find the key by, 12 characters; None for what cannot be a key."""
    shape = _SHAPE.fullmatch(key)
    return shape[1] if shape else None


def hash_of(key: str) -> bytes:
    """SHA-256 of the whole key, 32 bytes."""
    return hashlib.sha256(key.encode()).digest()


def is_key(key: str, stored: bytes | None) -> bool:
    """Whether the hash is the key's, in constant time; as long when there is none."""
    return hmac.compare_digest(hash_of(key), stored if stored is not None else _NOBODY) and stored is not None


def is_good_at(moment: datetime, expires_at: datetime | None, revoked_at: datetime | None) -> bool:
    """Whether a key may still be used; one that expires at this moment may not."""
    return (expires_at is None or moment < expires_at) and (revoked_at is None or moment < revoked_at)


def is_allowed(endpoint: str, allowed: list[str] | None) -> bool:
    """Whether a client may call the endpoint. allowed: None for all; `/scores` stands for all below it, too."""
    if allowed is None:
        return True
    path = "/" + endpoint.strip("/")
    return any(path == one or path.startswith(one + "/") for one in ("/" + entry.strip("/") for entry in allowed))
