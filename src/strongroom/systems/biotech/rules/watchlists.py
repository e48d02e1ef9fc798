"""Which companies deserve watching by themselves, and how closely."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

ADD_FROM = 70.0
REMOVE_BELOW = 50.0

#: the lowest score of each tier
_TIERS = ((80.0, 1), (70.0, 2), (60.0, 3), (50.0, 4))

CANDIDATE_SCORE_MIN = 60.0
CANDIDATE_CONFIDENCE_MIN = 0.7
CANDIDATE_PHASE_SCORE_MIN = 6.0  # phase 2
CANDIDATE_CAP_MIN_USD, CANDIDATE_CAP_MAX_USD = Decimal(100_000_000), Decimal(10_000_000_000)


class WatchlistMove(StrEnum):
    ADD = "add"
    KEEP = "keep"
    REMOVE = "remove"


def tier_of(score: float) -> int | None:
    """1 is watched most closely, from 80; 4 from 50; None below."""
    return next((tier for least, tier in _TIERS if score >= least), None)


def watchlist_move(score: float, *, is_on: bool) -> WatchlistMove | None:
    """What a new score does to the system's watchlist; None when the company is not on it and stays off.

    On from 70, off below 50: the gap keeps a company that wavers from going on and off.
    """
    if not is_on:
        return WatchlistMove.ADD if score >= ADD_FROM else None
    return WatchlistMove.REMOVE if score < REMOVE_BELOW else WatchlistMove.KEEP


def is_candidate(score: float, confidence: float, best_phase_score: float, market_cap_usd: Decimal) -> bool:
    """Whether a company is worth a closer look: score, phase 2 or later, a size buyers buy, data to go by."""
    return (
        score >= CANDIDATE_SCORE_MIN
        and confidence >= CANDIDATE_CONFIDENCE_MIN
        and best_phase_score >= CANDIDATE_PHASE_SCORE_MIN
        and CANDIDATE_CAP_MIN_USD <= market_cap_usd <= CANDIDATE_CAP_MAX_USD
    )
