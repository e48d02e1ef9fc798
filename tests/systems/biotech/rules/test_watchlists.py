"""Claims about who is watched."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.biotech.rules.watchlists import WatchlistMove, is_candidate, tier_of, watchlist_move

CAP = Decimal(10**9)


@pytest.mark.parametrize(
    ("score", "tier"),
    [(100, 1), (80, 1), (79.99, 2), (70, 2), (69.99, 3), (60, 3), (59.99, 4), (50, 4), (49.99, None), (0, None)],
)
def test_tiers_begin_at_their_least_score(score: float, tier: int | None) -> None:
    assert tier_of(score) == tier


@pytest.mark.parametrize(
    ("score", "is_on", "move"),
    [
        (70, False, WatchlistMove.ADD),
        (69.99, False, None),
        (50, True, WatchlistMove.KEEP),
        (49.99, True, WatchlistMove.REMOVE),
        (100, True, WatchlistMove.KEEP),
    ],
)
def test_a_company_goes_on_at_70_and_off_below_50(score: float, is_on: bool, move: WatchlistMove | None) -> None:
    assert watchlist_move(score, is_on=is_on) is move


@given(st.lists(st.floats(50, 69.99)), st.booleans())
def test_a_score_that_wavers_between_the_two_moves_nobody(scores: list[float], is_on: bool) -> None:
    assert {watchlist_move(score, is_on=is_on) for score in scores} <= {WatchlistMove.KEEP if is_on else None}


@given(st.floats(50, 100))
def test_whoever_stays_on_has_a_tier(score: float) -> None:
    assert tier_of(score) is not None


def test_a_candidate_needs_a_score_data_a_phase_and_a_size() -> None:
    assert is_candidate(60, 0.7, 6.0, CAP)
    assert not is_candidate(59.99, 0.7, 6.0, CAP)
    assert not is_candidate(60, 0.69, 6.0, CAP)
    assert not is_candidate(60, 0.7, 4.5, CAP)
    assert not is_candidate(60, 0.7, 6.0, Decimal(99_999_999))
    assert not is_candidate(60, 0.7, 6.0, Decimal(10_000_000_001))
