"""Biotech: companies that may be bought, and how likely that is. Its public names, over a pool that init_db opens."""

from strongroom.kernel.sessions.opened import close_db, get_db_session, health_check, init_db
from strongroom.systems.biotech.models import (
    AcquirerMatch,
    Alert,
    Base,
    Client,
    Company,
    DrugCandidate,
    MAScore,
    Report,
    Signal,
    Webhook,
)
from strongroom.systems.biotech.repositories import (
    AcquirerMatchRepository,
    AlertRepository,
    ClientRepository,
    CompanyRepository,
    DrugCandidateRepository,
    ReportRepository,
    ScoreRepository,
    SignalRepository,
    WebhookRepository,
)

__all__ = [
    "AcquirerMatch",
    "AcquirerMatchRepository",
    "Alert",
    "AlertRepository",
    "Base",
    "Client",
    "ClientRepository",
    "Company",
    "CompanyRepository",
    "DrugCandidate",
    "DrugCandidateRepository",
    "MAScore",
    "Report",
    "ReportRepository",
    "ScoreRepository",
    "Signal",
    "SignalRepository",
    "Webhook",
    "WebhookRepository",
    "close_db",
    "get_db_session",
    "health_check",
    "init_db",
]
