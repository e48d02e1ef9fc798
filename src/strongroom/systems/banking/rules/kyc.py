"""Know your customer: what each level asks for, and from which age."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType

from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.rules.enums import KycDocumentEnum, KycLevelEnum

ADULT_AGE_YEARS = 18

REQUIRED_DOCUMENTS: Mapping[KycLevelEnum, frozenset[KycDocumentEnum]] = MappingProxyType(
    {
        KycLevelEnum.BASIC: frozenset(),
        KycLevelEnum.STANDARD: frozenset({KycDocumentEnum.NATIONAL_ID}),
        KycLevelEnum.ENHANCED: frozenset({KycDocumentEnum.NATIONAL_ID, KycDocumentEnum.PROOF_OF_ADDRESS}),
        KycLevelEnum.PREMIUM: frozenset(KycDocumentEnum),
    }
)


def check_documents(level: KycLevelEnum, given: Collection[KycDocumentEnum]) -> None:
    """Refuse a level whose documents are not all there. Raises BusinessRuleViolation, naming the missing ones."""
    missing = sorted(document.value for document in REQUIRED_DOCUMENTS[level] - set(given))
    if missing:
        reason = f"the {level.value} level also needs {', '.join(missing)}"
        raise BusinessRuleViolation(rule="kyc_documents", reason=reason, missing=missing)


def check_adult(date_of_birth: date, today: date) -> None:
    """Refuse whoever is not 18 today, or not born yet. Raises BusinessRuleViolation."""
    if age_years(date_of_birth, today) < ADULT_AGE_YEARS:
        raise BusinessRuleViolation(rule="kyc_age", reason=f"a customer must be at least {ADULT_AGE_YEARS} years old")


def age_years(date_of_birth: date, today: date) -> int:
    """Completed years; who is born on 29 February grows older on 1 March in a common year."""
    is_before_birthday = (today.month, today.day) < (date_of_birth.month, date_of_birth.day)
    return today.year - date_of_birth.year - is_before_birthday
