"""When a delivery that failed is tried again, and when it is given up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

from strongroom.kernel.errors import InvalidValue

RETRIES_MAX = 20
RETRY_DELAY_MAX_S = 3600
#: however often it doubles and whatever the receiver asks for
PAUSE_MAX_S = 86_400.0
RETRY_AFTER_MAX_S = 3600.0
#: the part of a pause that chance adds, so that receivers are not called by all at once when they recover
JITTER = 0.25
TIMEOUT_MAX_S = 120
#: dead deliveries in a row after which a webhook is switched off
DEAD_IN_A_ROW_MAX = 10

_GONE, _TOO_MANY = 410, 429


class Verdict(Enum):
    """What an answer means. FAILED: again later; GONE: the receiver asks for no more, ever."""

    DELIVERED = "delivered"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """max_retries: 0 to 20, after the first one; retry_delay_s: 1 to 3600, before the first of them, then doubled."""

    max_retries: int = 3
    retry_delay_s: int = 60

    @property
    def attempts_max(self) -> int:
        """The first attempt and its retries."""
        return 1 + self.max_retries

    def pause_s(self, failures: int, chance: float) -> float:
        """How long to wait after so many failures in a row (1 or more). chance: 0 to 1, drawn by the caller."""
        pause = self.retry_delay_s * 2.0 ** (failures - 1)
        return min(pause * (1 + JITTER * chance), PAUSE_MAX_S)

    def to_document(self) -> dict[str, int]:
        """As it is stored with its webhook."""
        return {"max_retries": self.max_retries, "retry_delay_seconds": self.retry_delay_s}


def parse_policy(document: Mapping[str, Any]) -> RetryPolicy:
    """Read {"max_retries": 3, "retry_delay_seconds": 60}; what is left out has its default. Raises InvalidValue."""
    if unknown := set(document) - {"max_retries", "retry_delay_seconds"}:
        raise InvalidValue(field="retry_policy", reason=f"{sorted(unknown)[0]!r} is not a part of it")
    default = RetryPolicy()
    return RetryPolicy(
        _whole(document.get("max_retries", default.max_retries), "max_retries", 0, RETRIES_MAX),
        _whole(document.get("retry_delay_seconds", default.retry_delay_s), "retry_delay_seconds", 1, RETRY_DELAY_MAX_S),
    )


def check_timeout(timeout_s: int) -> int:
    """The seconds one attempt may take, 1 to 120. Raises InvalidValue."""
    return _whole(timeout_s, "timeout_seconds", 1, TIMEOUT_MAX_S)


def judge(status: int) -> Verdict:
    """What an HTTP status means: only 2xx is delivered; a redirect is not followed, so it failed."""
    if 200 <= status < 300:
        return Verdict.DELIVERED
    return Verdict.GONE if status == _GONE else Verdict.FAILED


def asked_pause_s(status: int, retry_after: str | None, now: datetime) -> float:
    """The seconds a receiver with too much to do (429) asks to be left alone, 0 to 3600; 0 when it does not ask.

    retry_after: seconds or an HTTP date, RFC 9110 10.2.3.
    """
    if status != _TOO_MANY or retry_after is None:
        return 0.0
    if re.fullmatch("[0-9]{1,10}", retry_after.strip()):
        pause = float(retry_after)
    else:
        try:
            until = parsedate_to_datetime(retry_after)
        except (ValueError, TypeError):
            return 0.0
        pause = ((until if until.tzinfo else until.replace(tzinfo=UTC)) - now).total_seconds()
    return min(max(pause, 0.0), RETRY_AFTER_MAX_S)


def _whole(value: object, field: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InvalidValue(field=field, reason=f"must be a whole number from {low} to {high}")
    return value
