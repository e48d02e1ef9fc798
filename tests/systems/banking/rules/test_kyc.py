"""Claims about knowing the customer."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.rules import (
    REQUIRED_DOCUMENTS,
    KycDocumentEnum,
    KycLevelEnum,
    age_years,
    check_adult,
    check_documents,
)


def test_each_level_asks_for_one_document_more_than_the_one_before() -> None:
    wanted = [REQUIRED_DOCUMENTS[level] for level in KycLevelEnum]
    assert [len(documents) for documents in wanted] == [0, 1, 2, 3]
    assert all(less < more for less, more in pairwise(wanted))


@given(st.sampled_from(KycLevelEnum), st.sets(st.sampled_from(KycDocumentEnum)))
def test_a_level_is_reached_exactly_with_all_its_documents(level: KycLevelEnum, given_: set[KycDocumentEnum]) -> None:
    if given_ >= REQUIRED_DOCUMENTS[level]:
        check_documents(level, given_)
    else:
        with pytest.raises(BusinessRuleViolation):
            check_documents(level, given_)


def test_missing_documents_are_named() -> None:
    with pytest.raises(BusinessRuleViolation, match="the premium level also needs national_id, proof_of_income"):
        check_documents(KycLevelEnum.PREMIUM, [KycDocumentEnum.PROOF_OF_ADDRESS])


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        (date(2008, 1, 2), date(2026, 1, 1), 17),
        (date(2008, 1, 1), date(2026, 1, 1), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2030, 1, 1), date(2026, 1, 1), -4),
    ],
)
def test_age_is_counted_in_completed_years(born: date, today: date, age: int) -> None:
    assert age_years(born, today) == age
    if age >= 18:
        check_adult(born, today)
    else:
        with pytest.raises(BusinessRuleViolation, match="at least 18"):
            check_adult(born, today)
