"""Everything portfolio refuses, by name; the codes, the statuses and the facts are part of its contract."""

from __future__ import annotations

from strongroom.kernel.errors import NotFound, StrongroomError


class RateUnavailable(StrongroomError):
    """there is no exchange rate from {base} to {quote} for {day}; put one, or one of the week before"""

    code = "RATE_UNAVAILABLE"  # nothing of the submission is stored: amounts are never converted at a made-up rate
    status = 422


class CompanyAlreadyExists(StrongroomError):
    """a company of this name exists already"""

    code = "COMPANY_ALREADY_EXISTS"
    status = 409


class CompanyHasData(StrongroomError):
    """the company has reported quarters, which are kept; set its status to Inactive or Exited instead"""

    code = "COMPANY_HAS_DATA"
    status = 409


class CompanyNotFound(NotFound):
    """no company has this id or name"""

    code = "COMPANY_NOT_FOUND"


class InputNotFound(NotFound):
    """the company has sent no figures for this quarter"""

    code = "INPUT_NOT_FOUND"


class FinancialsNotFound(NotFound):
    """there are no financials of this company for this quarter in this currency"""

    code = "FINANCIALS_NOT_FOUND"


class MetricsNotFound(NotFound):
    """there are no metrics of this company for this quarter in this currency"""

    code = "METRICS_NOT_FOUND"


class FileRefused(StrongroomError):
    """{file} was refused as a whole, with {count} problems; the first: {first}"""

    code = "FILE_REFUSED"  # problems: all of them, each with its sheet, row, column, value, reason and fix
    status = 422
