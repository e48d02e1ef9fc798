"""What a report is made of: its product's details, the steps of its life, what an examination finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.errors import ReportStepRefused
from strongroom.systems.export_readiness.rules.enums import ReportStatusEnum
from strongroom.systems.export_readiness.rules.identity import normalise_text

PRODUCT_NAME_MAX = 200
DESTINATION_MAX = 100
PRICE_RANGE_MAX = 100
#: characters of each product detail
DETAILS: Mapping[str, int] = MappingProxyType({"image_url": 500, "ingredients": 2000, "bom": 2000, "payment_mode": 100})
#: the confidence of a code that a person has chosen
CERTAIN = Decimal(100)

_STEPS: Mapping[ReportStatusEnum, frozenset[ReportStatusEnum]] = MappingProxyType(
    {
        ReportStatusEnum.PROCESSING: frozenset({ReportStatusEnum.COMPLETED, ReportStatusEnum.FAILED}),
        ReportStatusEnum.FAILED: frozenset({ReportStatusEnum.PROCESSING}),
        ReportStatusEnum.COMPLETED: frozenset(),
    }
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What an examination found; what becomes a column of the report, and in `data` the whole, ready for JSON.

    hs_code_confidence: 0 to 100. risk_score: 0 to 100. estimated_cost: INR.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    hs_code: str | None = None
    hs_code_confidence: Decimal | None = None
    risk_score: int | None = None
    estimated_cost: Decimal | None = None
    estimated_timeline_days: int | None = None


def check_step(before: ReportStatusEnum, after: ReportStatusEnum) -> None:
    """Raises ReportStepRefused unless the one may follow the other."""
    if after not in _STEPS[before]:
        raise ReportStepRefused(before=before.value, after=after.value)


def normalise_details(details: Mapping[str, str | None]) -> dict[str, str]:
    """Product details that say something, trimmed. Raises InvalidValue for an unknown or an overlong one."""
    if unknown := details.keys() - DETAILS.keys():
        raise InvalidValue(field=min(unknown), reason=f"is none of {', '.join(DETAILS)}")
    return {
        name: normalise_text(value, name, DETAILS[name])
        for name, value in details.items()
        if value is not None and str(value).strip()
    }


def with_hs_code(
    data: Mapping[str, Any], code: str, confidence: Decimal, description: str | None = None
) -> dict[str, Any]:
    """A report's data whose copy has this code; what was said of another code goes, its alternatives stay."""
    known = data.get("hs_code")
    before: Mapping[str, Any] = known if isinstance(known, Mapping) else {}
    kept = (
        before if before.get("code") == code else {name: before[name] for name in ("alternatives",) if name in before}
    )
    described = {"description": description} if description is not None else {}
    return {**data, "hs_code": {**described, **kept, "code": code, "confidence": f"{confidence:.2f}"}}
