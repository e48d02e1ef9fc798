"""Whether an export document can be sent: what is missing, what does not add up, what customs would stop."""

from strongroom.systems.export_readiness.rules.validation.checking import cross_check, validate_document
from strongroom.systems.export_readiness.rules.validation.fields import MANDATORY
from strongroom.systems.export_readiness.rules.validation.findings import (
    Finding,
    SeverityEnum,
    Validation,
    build_validation,
)

__all__ = [
    "MANDATORY",
    "Finding",
    "SeverityEnum",
    "Validation",
    "build_validation",
    "cross_check",
    "validate_document",
]
