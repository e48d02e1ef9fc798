"""Arithmetic and decisions of export readiness: no database, no web, no clock."""

from strongroom.systems.export_readiness.rules.enums import (
    BusinessTypeEnum,
    CertificationStatusEnum,
    CertificationTypeEnum,
    ChatRoleEnum,
    CompanySizeEnum,
    DocumentTypeEnum,
    ReportStatusEnum,
    TaskCategoryEnum,
)
from strongroom.systems.export_readiness.rules.hs_codes import dotted, normalise_hs_code
from strongroom.systems.export_readiness.rules.identifiers import DOCUMENT, REPORT, parse_id, shown_id
from strongroom.systems.export_readiness.rules.identity import normalise_email, normalise_text
from strongroom.systems.export_readiness.rules.reference_rates import Constant, Rates
from strongroom.systems.export_readiness.rules.reports import Findings

__all__ = [
    "DOCUMENT",
    "REPORT",
    "BusinessTypeEnum",
    "CertificationStatusEnum",
    "CertificationTypeEnum",
    "ChatRoleEnum",
    "CompanySizeEnum",
    "Constant",
    "DocumentTypeEnum",
    "Findings",
    "Rates",
    "ReportStatusEnum",
    "TaskCategoryEnum",
    "dotted",
    "normalise_email",
    "normalise_hs_code",
    "normalise_text",
    "parse_id",
    "shown_id",
]
