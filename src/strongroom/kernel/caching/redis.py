"""Answers in Redis, shared by processes and machines: signed, so that nobody who can write there can forge one.

Redis is where answers may be found, never what decides whether they are right: a Redis that is gone, slow, full,
stale or tampered with costs time and changes no answer. Needs `pip install strongroom[redis]`.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from typing import TYPE_CHECKING

from strongroom.kernel.caching.stores import Entry
from strongroom.kernel.errors import ConfigurationError

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger("strongroom.caching")

SIGNATURE_BYTES = hashlib.sha256().digest_size
#: how long Redis is left alone after it failed to answer
PAUSE_S = 5.0


class RedisStore:
    """A store behind a Redis URL.

    secret: signs answers; those of another secret are not believed. ttl_s: after this Redis forgets what nobody
    renewed. timeout_s: bound on one question to Redis, after which the database is asked.
    """

    waits = True

    def __init__(self, url: str, secret: bytes, *, ttl_s: int = 86_400, timeout_s: float = 0.1) -> None:
        try:
            from redis import Redis, RedisError
        except ImportError:
            raise ConfigurationError(setting="redis", reason="pip install strongroom[redis]") from None
        self._redis: Redis = Redis.from_url(
            url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s, decode_responses=False
        )
        self._faults: tuple[type[Exception], ...] = (RedisError, OSError)
        self._secret = secret
        self._ttl_s = ttl_s
        self._resume_at_s = 0.0
        self.failures = 0

    def find(self, key: str) -> Entry | None:
        if self._is_resting():
            return None
        try:
            kept = self._redis.get(_name(key))
        except self._faults as error:
            self._rest(error)
            return None
        return self._opened(key, kept) if isinstance(kept, bytes) else None

    def keep(self, key: str, entry: Entry) -> None:
        if self._is_resting():
            return
        version = entry.version.encode()
        content = len(version).to_bytes(2, "big") + version + entry.answer
        try:
            self._redis.set(_name(key), self._signature(key, content) + content, ex=self._ttl_s)
        except self._faults as error:
            self._rest(error)

    def clear(self) -> None:
        try:
            for name in self._redis.scan_iter(match=_name("*"), count=1000):
                self._redis.delete(name)
        except self._faults as error:
            self._rest(error)

    def _opened(self, key: str, kept: bytes) -> Entry | None:
        signature, content = kept[:SIGNATURE_BYTES], kept[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(key, content)):
            self.failures += 1
            return None
        length = int.from_bytes(content[:2], "big")
        return Entry(content[2 : 2 + length].decode(), content[2 + length :])

    def _signature(self, key: str, content: bytes) -> bytes:
        """The key is signed too: an answer moved under another question is not believed."""
        return hmac.digest(self._secret, key.encode() + b"\0" + content, "sha256")

    def _is_resting(self) -> bool:
        return time.monotonic() < self._resume_at_s

    def _rest(self, error: Exception) -> None:
        self.failures += 1
        self._resume_at_s = time.monotonic() + PAUSE_S
        log.warning("Redis did not answer (%s); the database is asked instead", type(error).__name__)


def _name(key: str) -> str:
    return f"strongroom:cache:{key}"
