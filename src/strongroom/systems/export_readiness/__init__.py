"""Export readiness: what a small business needs to sell one product in one country. Its public names."""

from strongroom.kernel.sessions.connection import (
    DatabaseConnection,
    check_db_connection,
    db_connection,
    drop_db,
    init_db,
)
from strongroom.kernel.sessions.doors import SessionLocal, get_db, session_scope
from strongroom.systems.export_readiness.models import (
    ActionPlanProgress,
    Base,
    CertificationProgress,
    ChatMessage,
    ChatSession,
    FinanceAnalysis,
    GeneratedDocument,
    LogisticsAnalysis,
    Report,
    User,
    UserMetrics,
)
from strongroom.systems.export_readiness.rules import (
    BusinessTypeEnum,
    CertificationStatusEnum,
    CertificationTypeEnum,
    ChatRoleEnum,
    CompanySizeEnum,
    DocumentTypeEnum,
    ReportStatusEnum,
    TaskCategoryEnum,
)

__all__ = [
    "ActionPlanProgress",
    "Base",
    "BusinessTypeEnum",
    "CertificationProgress",
    "CertificationStatusEnum",
    "CertificationTypeEnum",
    "ChatMessage",
    "ChatRoleEnum",
    "ChatSession",
    "CompanySizeEnum",
    "DatabaseConnection",
    "DocumentTypeEnum",
    "FinanceAnalysis",
    "GeneratedDocument",
    "LogisticsAnalysis",
    "Report",
    "ReportStatusEnum",
    "SessionLocal",
    "TaskCategoryEnum",
    "User",
    "UserMetrics",
    "check_db_connection",
    "db_connection",
    "drop_db",
    "get_db",
    "init_db",
    "session_scope",
]
