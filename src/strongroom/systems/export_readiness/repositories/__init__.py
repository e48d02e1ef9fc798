"""Every SELECT of export readiness, each with a name; repositories flush and never commit."""

from strongroom.systems.export_readiness.repositories.analyses import FinanceRepository, LogisticsRepository
from strongroom.systems.export_readiness.repositories.chat import (
    ChatSessionRepository,
    messages_of_session,
    sessions_of_report,
)
from strongroom.systems.export_readiness.repositories.dashboards import (
    achievements_of_all,
    journeys,
    most_frequent_certifications,
    most_frequent_destinations,
    most_frequent_products,
    reports_with_progress,
)
from strongroom.systems.export_readiness.repositories.metrics import MetricsRepository
from strongroom.systems.export_readiness.repositories.progress import (
    CertificationRepository,
    DocumentRepository,
    TaskRepository,
    certifications_of_report,
    certifications_under_way,
    documents_of_report,
    latest_documents_of_report,
    tasks_of_report,
)
from strongroom.systems.export_readiness.repositories.references import (
    HsCodeRepository,
    ReferenceRateRepository,
    codes_below,
    rates_of,
    rates_until,
)
from strongroom.systems.export_readiness.repositories.reports import (
    NEWEST_FIRST,
    ReportRepository,
    abandoned_reports,
    reports_where,
)
from strongroom.systems.export_readiness.repositories.users import (
    SignInRepository,
    UserRepository,
    all_users,
    user_by_email,
)
from strongroom.systems.export_readiness.repositories.writing import add_to_row, insert_unless_there, put_row

__all__ = [
    "NEWEST_FIRST",
    "CertificationRepository",
    "ChatSessionRepository",
    "DocumentRepository",
    "FinanceRepository",
    "HsCodeRepository",
    "LogisticsRepository",
    "MetricsRepository",
    "ReferenceRateRepository",
    "ReportRepository",
    "SignInRepository",
    "TaskRepository",
    "UserRepository",
    "abandoned_reports",
    "achievements_of_all",
    "add_to_row",
    "all_users",
    "certifications_of_report",
    "certifications_under_way",
    "codes_below",
    "documents_of_report",
    "insert_unless_there",
    "journeys",
    "latest_documents_of_report",
    "messages_of_session",
    "most_frequent_certifications",
    "most_frequent_destinations",
    "most_frequent_products",
    "put_row",
    "rates_of",
    "rates_until",
    "reports_where",
    "reports_with_progress",
    "sessions_of_report",
    "tasks_of_report",
    "user_by_email",
]
