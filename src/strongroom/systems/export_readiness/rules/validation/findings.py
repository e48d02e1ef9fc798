"""What a check finds in a document: errors make it invalid, warnings do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class SeverityEnum(Enum):
    """Whether a document can be sent."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """field: as in the document, `items[0].quantity` within one. suggestion: what to do about it."""

    field: str
    message: str
    suggestion: str
    severity: SeverityEnum = SeverityEnum.ERROR


@dataclass(frozen=True, slots=True)
class Validation:
    """is_valid: there is no error."""

    is_valid: bool
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


def warning(field: str, message: str, suggestion: str) -> Finding:
    """A finding that leaves the document valid."""
    return Finding(field, message, suggestion, SeverityEnum.WARNING)


def build_validation(findings: Iterable[Finding]) -> Validation:
    """Each finding once, in the order they were made."""
    found = tuple(dict.fromkeys(findings))
    errors = tuple(finding for finding in found if finding.severity is SeverityEnum.ERROR)
    warnings = tuple(finding for finding in found if finding.severity is SeverityEnum.WARNING)
    return Validation(not errors, errors, warnings)
