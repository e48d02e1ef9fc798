"""What signals of each known type carry; types nobody has described yet carry whatever they like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import NotExact, exact_decimal
from strongroom.systems.biotech.rules.enums import SignalType
from strongroom.systems.biotech.rules.signals import check_signal_type

TEXT_LENGTH_MAX = 2000

#: other names under which types and fields arrive, and ours
TYPE_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "insider_trading": SignalType.INSIDER_TRANSACTION,
        "insider": SignalType.INSIDER_TRANSACTION,
        "trial": SignalType.CLINICAL_TRIAL,
    }
)
FIELD_ALIASES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        SignalType.CLINICAL_TRIAL: {"nct_id": "trial_id", "trial_phase": "phase", "trial_status": "status"},
        SignalType.PATENT: {"patent_number": "patent_id", "status": "patent_status"},
        SignalType.INSIDER_TRANSACTION: {
            "price": "price_per_share",
            "role": "insider_role",
            "is_10b5_1": "is_10b5_1_plan",
        },
        SignalType.SEC_FILING: {"form_type": "filing_type", "source_url": "url"},
        SignalType.FINANCIAL: {"quarterly_burn_rate_usd": "quarterly_burn_usd"},
    }
)

Read = Callable[[Any], Any]


def normalise_signal_type(value: Any) -> str:
    """Our name for the type: lower case, aliases resolved. Any word may be a type. Raises InvalidValue."""
    if not isinstance(value, str):
        raise InvalidValue(field="signal_type", reason="must be text")
    name = value.strip().lower()
    return check_signal_type(TYPE_ALIASES.get(name, name))


def normalise_payload(signal_type: str, data: Any) -> dict[str, Any]:
    """The payload, ready for JSON, with our names for its fields; every field may be missing.

    signal_type: as `normalise_signal_type` gives it. Fields we do not know stay as they are. Raises InvalidValue,
    whose field is `signal_data.<name>`.
    """
    if not isinstance(data, Mapping):
        raise InvalidValue(field="signal_data", reason="must be an object")
    aliases = FIELD_ALIASES.get(signal_type, {})
    payload: dict[str, Any] = {}
    for name, value in data.items():
        ours = aliases.get(name, name)
        if ours in payload or (ours != name and ours in data):
            raise InvalidValue(field=f"signal_data.{ours}", reason=f"is given twice, also as {name}")
        payload[ours] = value
    for name, read in PAYLOADS.get(signal_type, {}).items():
        if payload.get(name) is not None:
            payload[name] = _read_field(name, read, payload[name])
    for earlier, later, may_be_equal in _ORDERED_DATES.get(signal_type, ()):
        _check_order(payload, earlier, later, may_be_equal)
    return payload


def _read_field(name: str, read: Read, value: Any) -> Any:
    try:
        return read(value)
    except NotExact as error:
        raise InvalidValue(field=f"signal_data.{name}", reason=error.reason) from None
    except ValueError as error:
        raise InvalidValue(field=f"signal_data.{name}", reason=str(error)) from None


def _check_order(payload: Mapping[str, Any], earlier: str, later: str, may_be_equal: bool) -> None:
    first, second = payload.get(earlier), payload.get(later)
    if first is None or second is None or first < second or (may_be_equal and first == second):
        return
    word = "on or after" if may_be_equal else "after"
    raise InvalidValue(field=f"signal_data.{later}", reason=f"must be {word} {earlier}")


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text and not blank")
    if len(value) > TEXT_LENGTH_MAX:
        raise ValueError(f"must have at most {TEXT_LENGTH_MAX} letters")
    return value.strip()


def _matching(pattern: str) -> Read:
    compiled = re.compile(pattern)

    def read(value: Any) -> str:
        text = _text(value).upper()
        if not compiled.fullmatch(text):
            raise ValueError(f"must match {pattern}")
        return text

    return read


def _url(value: Any) -> str:
    text = _text(value)
    if not re.match(r"https?://[^\s]", text):
        raise ValueError("must begin with http:// or https://")
    return text


def _word_of(*words: str) -> Read:
    def read(value: Any) -> str:
        word = _text(value).lower().replace(" ", "_").replace("-", "_")
        if word not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return word

    return read


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("must be a whole number, 0 or more")
    return value


def _amount(value: Any) -> int | str:
    """An exact number, 0 or more; whole numbers stay numbers, decimals travel as text."""
    number = exact_decimal(value)
    if number < 0:
        raise ValueError("must be 0 or more")
    return str(value) if isinstance(value, Decimal) else value


def _day(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(_text(value)).isoformat()
    except ValueError:
        raise ValueError("must be a date, YYYY-MM-DD") from None


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise ValueError("must be a list of texts")
    return [_text(item) for item in value]


#: by type, the fields we know and how each is read
PAYLOADS: Mapping[str, Mapping[str, Read]] = MappingProxyType(
    {
        SignalType.CLINICAL_TRIAL: {
            "trial_id": _matching(r"NCT\d{8}"),
            "phase": _word_of("phase_1", "phase_1_2", "phase_2", "phase_2_3", "phase_3", "phase_4"),
            "status": _word_of(
                "not_yet_recruiting", "recruiting", "active", "completed", "suspended", "terminated", "withdrawn"
            ),
            "outcome": _word_of("positive", "negative", "mixed", "pending", "unknown"),
            "drug_name": _text,
            "indication": _text,
            "enrollment": _count,
            "primary_endpoint_met": _flag,
        },
        SignalType.PATENT: {
            "patent_id": _text,
            "patent_status": _text,
            "filing_date": _day,
            "expiry_date": _day,
            "jurisdiction": _text,
            "is_composition": _flag,
            "is_method": _flag,
            "is_formulation": _flag,
            "litigation_active": _flag,
            "drug_coverage": _texts,
        },
        SignalType.INSIDER_TRANSACTION: {
            "transaction_type": _word_of("purchase", "sale", "option_exercise", "gift", "award"),
            "insider_name": _text,
            "insider_role": _word_of(
                "ceo", "cfo", "coo", "cso", "cmo", "board_member", "director", "officer", "ten_percent_owner", "other"
            ),
            "shares": _amount,
            "price_per_share": _amount,
            "transaction_date": _day,
            "filing_date": _day,
            "is_10b5_1_plan": _flag,
        },
        SignalType.HIRING: {
            "role": _text,
            "seniority": _word_of("c_suite", "vp", "director", "senior_manager", "manager", "individual_contributor"),
            "is_new_position": _flag,
            "previous_company": _text,
        },
        SignalType.FINANCIAL: {
            "event_type": _text,
            "cash_position_usd": _amount,
            "quarterly_burn_usd": _amount,
            "guidance_lowered": _flag,
            "covenant_breach": _flag,
            "going_concern_warning": _flag,
        },
        SignalType.SEC_FILING: {"filing_type": _text, "url": _url, "item": _text},
        SignalType.FDA_APPROVAL: {"drug_name": _text, "indication": _text, "designation_type": _text},
    }
)

#: by type: earlier field, later field, whether both may be the same day
_ORDERED_DATES: Mapping[str, tuple[tuple[str, str, bool], ...]] = MappingProxyType(
    {
        SignalType.PATENT: (("filing_date", "expiry_date", False),),
        SignalType.INSIDER_TRANSACTION: (("transaction_date", "filing_date", True),),
    }
)
