"""What forecasting refuses, each with a code, a status and a sentence."""

from __future__ import annotations

from strongroom.kernel.errors import NotFound, Refused, StrongroomError


class BenchmarkRefused(StrongroomError):
    """{file} cannot be used as a benchmark: {problems}"""

    code = "BENCHMARK_REFUSED"
    status = 422


class SignInRefused(Refused):
    """the name or the password is wrong"""

    code = "FORECASTING_SIGN_IN_REFUSED"
    status = 401


class UserInactive(Refused):
    """this user was switched off; ask an administrator"""

    code = "FORECASTING_USER_INACTIVE"
    status = 403


class UsernameTaken(StrongroomError):
    """a user with this name exists already"""

    code = "USERNAME_TAKEN"
    status = 409


class EmailTaken(StrongroomError):
    """a user with this email address exists already"""

    code = "FORECASTING_EMAIL_TAKEN"
    status = 409


class OwnStanding(StrongroomError):
    """nobody decides on their own role or standing"""

    code = "OWN_STANDING"
    status = 409


class UserNotFound(NotFound):
    """no user has this id or name"""

    code = "FORECASTING_USER_NOT_FOUND"


class UploadNotFound(NotFound):
    """no upload has this id"""

    code = "UPLOAD_NOT_FOUND"


class UploadFinal(StrongroomError):
    """the upload is {status}; it cannot become {wanted}"""

    code = "UPLOAD_FINAL"
    status = 409


class SeriesNotFound(NotFound):
    """there is no validated series of {category} to read"""

    code = "SERIES_NOT_FOUND"


class ModelNotFound(NotFound):
    """no trained model has this id or name"""

    code = "TRAINED_MODEL_NOT_FOUND"


class ActiveVersionExists(StrongroomError):
    """another version of this model is active; register or activate a version by the services that say so"""

    code = "ACTIVE_VERSION_EXISTS"
    status = 409


class TooFewObservations(StrongroomError):
    """the series has {there} observations and needs {needed}: {horizon} of them are held out to test the model"""

    code = "TOO_FEW_OBSERVATIONS"
    status = 422


class SeriesHasGaps(StrongroomError):
    """the series has nothing for {count} periods, the first begins {first}; say how to fill them"""

    code = "SERIES_HAS_GAPS"
    status = 422


class ModelFileRefused(StrongroomError):
    """the file of the model cannot be used: {reason}"""

    code = "MODEL_FILE_REFUSED"  # nothing of it was used; train the model again
    status = 409


class ForecastNotFound(NotFound):
    """there is no such forecast"""

    code = "FORECAST_NOT_FOUND"


class RiskMetricsNotFound(NotFound):
    """there are no risk metrics of this model"""

    code = "RISK_METRICS_NOT_FOUND"


class KpiReportNotFound(NotFound):
    """there is no such report of key figures"""

    code = "KPI_REPORT_NOT_FOUND"


class TooFewReturns(StrongroomError):
    """the series has {there} returns and needs {needed}: a return takes two periods in a row, the first not 0"""

    code = "TOO_FEW_RETURNS"
    status = 422


class FigureOutOfRange(StrongroomError):
    """{figure} is too large to be stored; look for a value in the series that is wrong or next to 0"""

    code = "FIGURE_OUT_OF_RANGE"
    status = 422


class MixedCurrencies(StrongroomError):
    """the points are in {currencies}; amounts of several currencies cannot be added up"""

    code = "MIXED_CURRENCIES"
    status = 422


class UploadUnreadable(StrongroomError):
    """{file} cannot be read: {reason}; {fix}"""

    code = "UPLOAD_UNREADABLE"
    status = 422


class UploadNotConfirmed(StrongroomError):
    """{file} leaves something open that has to be told: {questions}"""

    code = "UPLOAD_NOT_CONFIRMED"
    status = 409


class UploadRefused(Refused):
    """{file} was not stored: {reason}"""

    code = "UPLOAD_REFUSED"  # kept as an upload in error, without points
    status = 422
