"""The tables of biotech, a file a noun."""

from strongroom.systems.biotech.models.alerts import Alert, AlertTrigger
from strongroom.systems.biotech.models.clients import Client, ClientKey, RateWindow
from strongroom.systems.biotech.models.companies import Company, DrugCandidate
from strongroom.systems.biotech.models.matches import AcquirerMatch
from strongroom.systems.biotech.models.reports import Report
from strongroom.systems.biotech.models.row import SCHEMA, Base
from strongroom.systems.biotech.models.scores import LatestScore, MAScore, ScoringModel, WatchlistEntry
from strongroom.systems.biotech.models.signals import Signal
from strongroom.systems.biotech.models.webhooks import Webhook, WebhookDelivery

__all__ = [
    "SCHEMA",
    "AcquirerMatch",
    "Alert",
    "AlertTrigger",
    "Base",
    "Client",
    "ClientKey",
    "Company",
    "DrugCandidate",
    "LatestScore",
    "MAScore",
    "RateWindow",
    "Report",
    "ScoringModel",
    "Signal",
    "WatchlistEntry",
    "Webhook",
    "WebhookDelivery",
]
