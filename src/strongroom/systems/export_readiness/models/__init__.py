"""The tables of export readiness."""

from strongroom.systems.export_readiness.models.analyses import FinanceAnalysis, LogisticsAnalysis
from strongroom.systems.export_readiness.models.chat import ChatMessage, ChatSession
from strongroom.systems.export_readiness.models.progress import (
    ActionPlanProgress,
    CertificationProgress,
    FirstCompletion,
    GeneratedDocument,
)
from strongroom.systems.export_readiness.models.references import HsCode, ReferenceRate
from strongroom.systems.export_readiness.models.reports import Report
from strongroom.systems.export_readiness.models.row import SCHEMA, Base
from strongroom.systems.export_readiness.models.users import SignIn, User, UserMetrics

__all__ = [
    "SCHEMA",
    "ActionPlanProgress",
    "Base",
    "CertificationProgress",
    "ChatMessage",
    "ChatSession",
    "FinanceAnalysis",
    "FirstCompletion",
    "GeneratedDocument",
    "HsCode",
    "LogisticsAnalysis",
    "ReferenceRate",
    "Report",
    "SignIn",
    "User",
    "UserMetrics",
]
