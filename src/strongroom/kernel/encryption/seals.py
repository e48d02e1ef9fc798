"""Keeps small secrets that must be read again: sealed with AES-256-GCM, bound to the place they are stored at.

A sealed value is one byte of version, eight of key id, a random nonce of twelve, then the ciphertext with its tag.
Moved to another row, another column or under another key id it does not open. With random nonces one key is good for
2^32 values, NIST SP 800-38D 8.3.
"""

from __future__ import annotations

import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from strongroom.kernel.errors import ConfigurationError, SealBroken

KEY_BYTES_MIN = 32

_VERSION = b"\x01"
_ID_BYTES, _NONCE_BYTES, _TAG_BYTES = 8, 12, 16
_HEAD_BYTES = 1 + _ID_BYTES


class Keyring:
    """The keys that secrets are sealed with; none of them is ever stored beside what it seals.

    current: seals and opens; previous: only open, until every value is sealed anew. Each at least 32 bytes, from a
    generator and not from a person. Raises ConfigurationError for a shorter one.
    """

    def __init__(self, current: bytes, *previous: bytes) -> None:
        if any(len(key) < KEY_BYTES_MIN for key in (current, *previous)):
            raise ConfigurationError(setting="sealing key", reason=f"needs at least {KEY_BYTES_MIN} bytes")
        self._current = _derive(current, b"strongroom key id", _ID_BYTES)
        # as bytes and not as ciphers, which cannot be handed to the process of a job
        self._keys = {
            _derive(key, b"strongroom key id", _ID_BYTES): _derive(key, b"strongroom seal", 32)
            for key in (current, *previous)
        }

    def __repr__(self) -> str:
        return f"<Keyring {self.key_id}>"

    @property
    def key_id(self) -> str:
        """The current key's name, 16 hexadecimal digits; follows from the key and tells nothing of it."""
        return self._current.hex()

    def seal(self, secret: str, *place: object) -> bytes:
        """The secret as it may be stored. place: what names the row and column, the same when it is opened."""
        head = _VERSION + self._current
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return head + nonce + AESGCM(self._keys[self._current]).encrypt(nonce, secret.encode(), _bound(head, place))

    def open(self, sealed: bytes, *place: object) -> str:
        """The secret again. Raises SealBroken when it was changed or moved, or its key is not on the ring."""
        head, nonce = sealed[:_HEAD_BYTES], sealed[_HEAD_BYTES : _HEAD_BYTES + _NONCE_BYTES]
        key = self._keys.get(head[1:])
        if key is None or head[:1] != _VERSION or len(sealed) < _HEAD_BYTES + _NONCE_BYTES + _TAG_BYTES:
            raise SealBroken
        try:
            return AESGCM(key).decrypt(nonce, sealed[_HEAD_BYTES + _NONCE_BYTES :], _bound(head, place)).decode()
        except InvalidTag:
            raise SealBroken from None


def _bound(head: bytes, place: tuple[object, ...]) -> bytes:
    """What a value is bound to beside its key; JSON, so that no two places read alike."""
    return head + json.dumps([str(part) for part in place]).encode()


def _derive(key: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=purpose).derive(key)
