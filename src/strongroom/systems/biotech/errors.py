"""Everything biotech refuses, by name; the codes, the statuses and the facts are part of its contract."""

from __future__ import annotations

from strongroom.kernel.errors import NotFound, StrongroomError


class CompanyNotFound(NotFound):
    """no company has this id or ticker"""

    code = "BIOTECH_COMPANY_NOT_FOUND"


class DrugCandidateNotFound(NotFound):
    """no drug candidate has this id"""

    code = "DRUG_CANDIDATE_NOT_FOUND"


class SignalNotFound(NotFound):
    """no signal has this id"""

    code = "SIGNAL_NOT_FOUND"


class ScoreNotFound(NotFound):
    """no score has this id, or the company has none yet"""

    code = "SCORE_NOT_FOUND"


class AcquirerMatchNotFound(NotFound):
    """no match has this id"""

    code = "ACQUIRER_MATCH_NOT_FOUND"


class ScoringModelNotFound(NotFound):
    """there is no scoring model of version {version}"""

    code = "SCORING_MODEL_NOT_FOUND"


class ReportNotFound(NotFound):
    """no report has this id"""

    code = "REPORT_NOT_FOUND"


class AlertNotFound(NotFound):
    """no alert has this id"""

    code = "ALERT_NOT_FOUND"


class AlertTriggerNotFound(NotFound):
    """no triggered alert has this id"""

    code = "ALERT_TRIGGER_NOT_FOUND"


class WebhookNotFound(NotFound):
    """no webhook has this id"""

    code = "WEBHOOK_NOT_FOUND"


class DeliveryNotFound(NotFound):
    """no delivery has this id"""

    code = "WEBHOOK_DELIVERY_NOT_FOUND"


class ClientNotFound(NotFound):
    """no API client has this id"""

    code = "CLIENT_NOT_FOUND"


class TickerTaken(StrongroomError):
    """another company has this ticker"""

    code = "TICKER_TAKEN"
    status = 409


class DrugCandidateExists(StrongroomError):
    """the company has a drug candidate of this name already"""

    code = "DRUG_CANDIDATE_EXISTS"
    status = 409


class ScoreExists(StrongroomError):
    """the company has a score of this very moment already"""

    code = "SCORE_EXISTS"
    status = 409


class StepRefused(StrongroomError):
    """a {what} that is {before} cannot become {after}"""

    code = "STEP_REFUSED"
    status = 409


class ApiKeyRefused(StrongroomError):
    """the API key is not valid; it may be unknown, expired, revoked or replaced"""

    code = "API_KEY_REFUSED"
    status = 401


class EndpointNotAllowed(StrongroomError):
    """this API key may not use this endpoint"""

    code = "ENDPOINT_NOT_ALLOWED"
    status = 403


class UnsafeUrl(StrongroomError, ValueError):
    """the webhook's address is refused: {reason}"""

    code = "UNSAFE_URL"
    status = 422
