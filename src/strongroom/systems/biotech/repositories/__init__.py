"""Every SELECT of biotech, each with a name; repositories flush and never commit."""

from strongroom.systems.biotech.repositories.alerts import (
    AlertRepository,
    WebhookRepository,
    active_alerts,
    active_webhooks,
)
from strongroom.systems.biotech.repositories.clients import ClientRepository, NewKey
from strongroom.systems.biotech.repositories.companies import (
    BY_SIZE,
    CompanyRepository,
    DrugCandidateRepository,
    candidates_of_company,
    companies_matching,
    live_candidates,
)
from strongroom.systems.biotech.repositories.matches import (
    AcquirerMatchRepository,
    current_matches,
    live_matches,
)
from strongroom.systems.biotech.repositories.reports import ReportRepository, reports_between
from strongroom.systems.biotech.repositories.scores import (
    HIGHEST_FIRST,
    ScoreChange,
    ScoreRepository,
    latest_scores,
    scores_of_company,
    top_scores_as_of,
)
from strongroom.systems.biotech.repositories.signals import (
    NEWEST_FIRST,
    SignalRepository,
    build_signal,
    live_signals,
    signals_of_company,
)

__all__ = [
    "BY_SIZE",
    "HIGHEST_FIRST",
    "NEWEST_FIRST",
    "AcquirerMatchRepository",
    "AlertRepository",
    "ClientRepository",
    "CompanyRepository",
    "DrugCandidateRepository",
    "NewKey",
    "ReportRepository",
    "ScoreChange",
    "ScoreRepository",
    "SignalRepository",
    "WebhookRepository",
    "active_alerts",
    "active_webhooks",
    "build_signal",
    "candidates_of_company",
    "companies_matching",
    "current_matches",
    "latest_scores",
    "live_candidates",
    "live_matches",
    "live_signals",
    "reports_between",
    "scores_of_company",
    "signals_of_company",
    "top_scores_as_of",
]
