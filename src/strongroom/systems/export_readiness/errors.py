"""Everything export readiness refuses, by name; the codes, the statuses and the facts are part of its contract."""

from __future__ import annotations

from strongroom.kernel.errors import NotFound, Refused, StrongroomError


class ExporterCredentialsWrong(Refused):
    """the email address or the password is wrong"""

    code = "EXPORTER_CREDENTIALS_WRONG"
    status = 401


class ExporterAlreadyExists(StrongroomError):
    """a business with this email address exists already"""

    code = "EXPORTER_ALREADY_EXISTS"
    status = 409


class ExporterNotFound(NotFound):
    """no business has this id"""

    code = "EXPORTER_NOT_FOUND"


class ReportNotFound(NotFound):
    """no report has this id"""

    code = "EXPORT_REPORT_NOT_FOUND"


class ReportChanged(StrongroomError):
    """the report was changed at {updated_at}, after it was read; read it again and repeat the change"""

    code = "EXPORT_REPORT_CHANGED"
    status = 409


class ReportStepRefused(StrongroomError):
    """a {before} report cannot become {after}"""

    code = "EXPORT_REPORT_STEP_REFUSED"
    status = 409


class CertificationNotFound(NotFound):
    """the report has no certification of this id"""

    code = "CERTIFICATION_NOT_FOUND"


class DocumentNotFound(NotFound):
    """no export document has this id"""

    code = "EXPORT_DOCUMENT_NOT_FOUND"


class TaskNotFound(NotFound):
    """the report's plan has no task of this id"""

    code = "PLAN_TASK_NOT_FOUND"


class ChatSessionNotFound(NotFound):
    """no conversation has this id"""

    code = "CHAT_SESSION_NOT_FOUND"


class AnalysisNotFound(NotFound):
    """the report has no such analysis yet"""

    code = "ANALYSIS_NOT_FOUND"


class HsCodeNotFound(NotFound):
    """the Harmonized System has no heading {hs_code}"""

    code = "HS_CODE_NOT_FOUND"


class NomenclatureRefused(StrongroomError):
    """{file} was refused as a whole, with {count} problems; the first: {first}"""

    code = "NOMENCLATURE_REFUSED"  # problems: the first twenty, each with its line and reason
    status = 422


class ConstantsRefused(StrongroomError):
    """{file} was refused as a whole, with {count} problems; the first: {first}"""

    code = "CONSTANTS_REFUSED"  # problems: the first twenty, each with its line and reason
    status = 422


class ReferenceRateMissing(StrongroomError):
    """there is no {calculator} constant {name} on {day}; put one that is valid from that day or before"""

    code = "REFERENCE_RATE_MISSING"  # nothing is calculated with a made-up constant
    status = 422


class ReferenceRateAlreadyExists(StrongroomError):
    """there is a constant of this name from this day on already; put one from another day on"""

    code = "REFERENCE_RATE_ALREADY_EXISTS"
    status = 409


class CertificationStepRefused(StrongroomError):
    """a certification that is {before} cannot become {after}; one that is completed is reopened first"""

    code = "CERTIFICATION_STEP_REFUSED"
    status = 409


class CertificationNotCompleted(StrongroomError):
    """only a completed certification is opened again; this one is {status}"""

    code = "CERTIFICATION_NOT_COMPLETED"
    status = 409


class ReportNotCompleted(StrongroomError):
    """this needs a completed report; it is {status}"""

    code = "EXPORT_REPORT_NOT_COMPLETED"
    status = 409


class PlanNotMade(NotFound):
    """the report has no plan yet; make one first"""

    code = "PLAN_NOT_MADE"


class ConversationEnded(StrongroomError):
    """this conversation ended at {expires_at}; begin another"""

    code = "CONVERSATION_ENDED"
    status = 410


class AnswerFailed(StrongroomError):
    """no answer was found this time and nothing was stored; ask again"""

    code = "ANSWER_FAILED"
    status = 502
    retryable = True
