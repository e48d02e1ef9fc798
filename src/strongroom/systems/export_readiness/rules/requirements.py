"""What a report says it takes: its certifications, read back from its data, which anybody may have written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from strongroom.kernel.values import NotExact, exact_decimal
from strongroom.systems.export_readiness.rules.amounts import AMOUNT_MAX, ZERO, rounded
from strongroom.systems.export_readiness.rules.enums import CertificationTypeEnum

#: the name of a certification and, put in front, "task_cert_" fit a column of 100 characters
CERTIFICATION_ID_MAX = 90
CERTIFICATION_NAME_MAX = 255

_PRIORITIES = ("high", "medium", "low")
_DAYS_MAX = 3650


@dataclass(frozen=True, slots=True)
class Requirement:
    """One certification that a report asks for. days: how long it takes; subsidy: INR paid back of its cost."""

    id: str
    name: str
    type: CertificationTypeEnum
    priority: str = "medium"
    is_mandatory: bool = False
    days: int | None = None
    subsidy: Decimal = ZERO


def requirements_of(data: Mapping[str, Any]) -> tuple[Requirement, ...]:
    """Each certification once, in the report's order; what cannot be one is left out."""
    subsidies = {item.get("certification_id"): item.get("amount") for item in _objects(data.get("subsidies"))}
    found: dict[str, Requirement] = {}
    for item in _objects(data.get("certifications")):
        identifier = item.get("id")
        if isinstance(identifier, str) and 0 < len(identifier.strip()) <= CERTIFICATION_ID_MAX:
            requirement = _requirement(identifier.strip(), item, subsidies.get(identifier))
            found.setdefault(requirement.id, requirement)
    return tuple(found.values())


def find_requirement(data: Mapping[str, Any], certification_id: str) -> Requirement | None:
    """The one of this id."""
    return next((found for found in requirements_of(data) if found.id == certification_id), None)


def _requirement(identifier: str, item: Mapping[str, Any], subsidy: Any) -> Requirement:
    name, kind, priority, days = (item.get(key) for key in ("name", "type", "priority", "days"))
    known = {member.value: member for member in CertificationTypeEnum}
    return Requirement(
        id=identifier,
        name=name.strip()[:CERTIFICATION_NAME_MAX] if isinstance(name, str) and name.strip() else identifier,
        type=known.get(kind, CertificationTypeEnum.OTHER) if isinstance(kind, str) else CertificationTypeEnum.OTHER,
        priority=priority if priority in _PRIORITIES else "medium",
        is_mandatory=item.get("is_mandatory") is True,
        days=days if isinstance(days, int) and not isinstance(days, bool) and 0 < days <= _DAYS_MAX else None,
        subsidy=_amount(subsidy),
    )


def _amount(value: Any) -> Decimal:
    try:
        amount = exact_decimal(value, "amount") if isinstance(value, str | int) else ZERO
    except NotExact:
        return ZERO
    return rounded(amount) if 0 < amount < AMOUNT_MAX else ZERO


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        yield from (item for item in value if isinstance(item, Mapping))
