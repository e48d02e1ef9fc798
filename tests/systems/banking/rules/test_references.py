"""Claims about references and account numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from strongroom.systems.banking.rules import (
    check_account_number,
    check_reference_number,
    new_account_number,
    new_reference,
)


def test_account_numbers_pass_their_own_check_and_differ() -> None:
    made = {new_account_number() for _ in range(1000)}
    assert len(made) > 990
    assert all(check_account_number(number).startswith("ACC") for number in made)


@pytest.mark.parametrize("prefix", ["TRF", "TXN", "P2P"])
def test_references_pass_their_own_check_and_differ(prefix: str) -> None:
    made = {new_reference(prefix, datetime(2026, 1, 31, tzinfo=UTC)) for _ in range(1000)}
    assert len(made) == 1000
    assert all(check_reference_number(reference).startswith(f"{prefix}-20260131-") for reference in made)


def test_a_reference_bears_the_utc_day() -> None:
    late = datetime(2026, 1, 31, 23, tzinfo=timezone(timedelta(hours=-5)))
    assert new_reference("TXN", late).startswith("TXN-20260201-")
