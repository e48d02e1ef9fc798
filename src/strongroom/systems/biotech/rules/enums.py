"""The words biotech chooses from; a value is what the database and the API show, and compares equal to its text."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class TherapeuticArea(StrEnum):
    ONCOLOGY = "oncology"
    IMMUNOLOGY = "immunology"
    NEUROLOGY = "neurology"
    CARDIOVASCULAR = "cardiovascular"
    RARE_DISEASE = "rare_disease"
    INFECTIOUS_DISEASE = "infectious_disease"
    METABOLIC = "metabolic"
    RESPIRATORY = "respiratory"
    OPHTHALMOLOGY = "ophthalmology"
    DERMATOLOGY = "dermatology"
    OTHER = "other"


class Phase(StrEnum):
    """How far a drug candidate has come, in order of progress; `discontinued` has left the road."""

    DISCOVERY = "discovery"
    PRECLINICAL = "preclinical"
    PHASE_1 = "phase_1"
    PHASE_1_2 = "phase_1_2"
    PHASE_2 = "phase_2"
    PHASE_2_3 = "phase_2_3"
    PHASE_3 = "phase_3"
    NDA_BLA = "nda_bla"
    APPROVED = "approved"
    DISCONTINUED = "discontinued"


class Severity(StrEnum):
    """Of a signal, from the least to the most severe."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    def and_above(self) -> tuple[Severity, ...]:
        """This level and every higher one."""
        levels = tuple(Severity)
        return levels[levels.index(self) :]


class SignalType(StrEnum):
    """The types of signal that are known; the set is open, any snake_case word is stored."""

    CLINICAL_TRIAL = "clinical_trial"
    PATENT = "patent"
    INSIDER_TRANSACTION = "insider_transaction"
    HIRING = "hiring"
    FINANCIAL = "financial"
    SEC_FILING = "sec_filing"
    FDA_APPROVAL = "fda_approval"
    REGULATORY = "regulatory"
    PARTNERSHIP = "partnership"
    MARKET = "market"
    FINANCIAL_STRESS = "financial_stress"
    EXECUTIVE_DEPARTURE = "executive_departure"
    EXECUTIVE_HIRE = "executive_hire"
    TRIAL_SUCCESS = "trial_success"
    TRIAL_FAILURE = "trial_failure"
    REGULATORY_APPROVAL = "regulatory_approval"
    REGULATORY_SETBACK = "regulatory_setback"
    ACQUISITION_RUMOR = "acquisition_rumor"
    STOCK_VOLATILITY = "stock_volatility"
    ANALYST_DOWNGRADE = "analyst_downgrade"
    ANALYST_UPGRADE = "analyst_upgrade"


class Component(StrEnum):
    """A part of the score, in the order of the columns `<part>_score`."""

    PIPELINE = "pipeline"
    PATENT = "patent"
    FINANCIAL = "financial"
    INSIDER = "insider"
    STRATEGIC_FIT = "strategic_fit"
    REGULATORY = "regulatory"


class ReportType(StrEnum):
    DAILY_DIGEST = "daily_digest"
    WEEKLY_SUMMARY = "weekly_summary"
    WEEKLY_WATCHLIST = "weekly_watchlist"
    DEEP_DIVE = "deep_dive"
    CUSTOM = "custom"
    ALERT = "alert"
    QUARTERLY_REVIEW = "quarterly_review"
    ACQUIRER_ANALYSIS = "acquirer_analysis"
    SIGNAL_ALERT = "signal_alert"
    DEAL_ANALYSIS = "deal_analysis"


class ReportFormat(StrEnum):
    PDF = "pdf"
    HTML = "html"
    JSON = "json"
    MARKDOWN = "markdown"
    TEXT = "text"
    XLSX = "xlsx"


class ReportStatus(StrEnum):
    """pending → sending → sent, or retrying → sending and in the end failed; sent is final."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    RETRYING = "retrying"
    FAILED = "failed"


class AlertType(StrEnum):
    SCORE_THRESHOLD = "score_threshold"
    SCORE_CHANGE = "score_change"
    NEW_SIGNAL = "new_signal"
    CUSTOM = "custom"
    WATCHLIST_ADD = "watchlist_add"
    WATCHLIST_REMOVE = "watchlist_remove"
    REPORT_READY = "report_ready"


class AlertLevel(StrEnum):
    """How urgent a triggered alert is, from the least to the most."""

    INFO = "info"
    WARNING = "warning"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class TriggerStatus(StrEnum):
    """triggered → acknowledged → resolved."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Channel(StrEnum):
    EMAIL = "email"
    SLACK = "slack"
    WEBHOOK = "webhook"
    SMS = "sms"


class WebhookEvent(StrEnum):
    SCORE_UPDATE = "score_update"
    NEW_SIGNAL = "new_signal"
    ALERT_TRIGGERED = "alert_triggered"
    REPORT_READY = "report_ready"
    WATCHLIST_UPDATE = "watchlist_update"


class DeliveryStatus(StrEnum):
    """Of one event on its way to one webhook; delivered and dead are final."""

    PENDING = "pending"
    IN_FLIGHT = "in_flight"
    RETRYING = "retrying"
    DELIVERED = "delivered"
    DEAD = "dead"


class ClientType(StrEnum):
    STANDARD = "standard"
    PREMIUM = "premium"
    ENTERPRISE = "enterprise"


#: other spellings under which subscribers ask for an event
WEBHOOK_EVENT_ALIASES: Mapping[str, WebhookEvent] = MappingProxyType(
    {
        "score.changed": WebhookEvent.SCORE_UPDATE,
        "signal.detected": WebhookEvent.NEW_SIGNAL,
        "alert.triggered": WebhookEvent.ALERT_TRIGGERED,
        "report.published": WebhookEvent.REPORT_READY,
        "watchlist.updated": WebhookEvent.WATCHLIST_UPDATE,
    }
)
