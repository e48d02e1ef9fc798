"""All settings in one frozen object: names as the environment has them, defaults, bounds, and what goes together."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from strongroom.kernel.engines import DatabaseOptions, masked_url
from strongroom.kernel.errors import ConfigurationError
from strongroom.settings import database_rules, rules
from strongroom.settings.kinds import Amount, Paths, SecretKey, SecretKeys, Threshold, setting
from strongroom.settings.problems import build_refusal
from strongroom.settings.service import ServiceSettings

BANKING = "Banking"
PORTFOLIO = "Portfolio"
BIOTECH = "Biotech"
FORECASTING = "Forecasting"
EXPORT_READINESS = "Export readiness"


class Settings(ServiceSettings):
    """The settings of one process. Made directly, it takes only what it is given; `load_settings` reads them."""

    banking_service_name: Annotated[str, Field(min_length=1, max_length=100)] = setting(
        "BANKING_SERVICE_NAME", section=BANKING, default="fintech-backend",
        description="What the health endpoints call this service.",
    )  # fmt: skip
    banking_min_transfer: Amount = setting(
        "BANKING_MIN_TRANSFER", section=BANKING, default=Decimal("1.00"),
        description="Smallest transfer, in its currency.",
    )  # fmt: skip
    banking_max_transfer: Amount = setting(
        "BANKING_MAX_TRANSFER", section=BANKING, default=Decimal("100000.00"),
        description="Largest transfer, in its currency.",
    )  # fmt: skip
    banking_single_limit: Amount = setting(
        "BANKING_SINGLE_LIMIT", section=BANKING, default=Decimal("25000.00"),
        description="Most that one user may send at once. The smallest of all limits counts.",
    )  # fmt: skip
    banking_daily_limit: Amount = setting(
        "BANKING_DAILY_LIMIT", section=BANKING, default=Decimal("10000.00"),
        description="Most that one user may send in a day (UTC).",
    )  # fmt: skip
    banking_monthly_limit: Amount = setting(
        "BANKING_MONTHLY_LIMIT", section=BANKING, default=Decimal("50000.00"),
        description="Most that one user may send in a month (UTC).",
    )  # fmt: skip
    banking_yearly_limit: Amount = setting(
        "BANKING_YEARLY_LIMIT", section=BANKING, default=Decimal("300000.00"),
        description="Most that one user may send in a year (UTC).",
    )  # fmt: skip
    banking_login_attempts: Annotated[int, Field(ge=1, le=100)] = setting(
        "BANKING_LOGIN_ATTEMPTS", section=BANKING, default=5,
        description="Wrong passwords in a row before a user is locked out.",
    )  # fmt: skip
    banking_lockout_s: Annotated[int, Field(ge=1, le=86_400)] = setting(
        "BANKING_LOCKOUT_S", section=BANKING, default=900, description="Seconds a locked-out user waits."
    )

    portfolio_runway_months_min: Threshold = setting(
        "PORTFOLIO_RUNWAY_MONTHS_MIN", section=PORTFOLIO, default=Decimal(6),
        description="Months of runway below which a company is pointed out.",
    )  # fmt: skip
    portfolio_expense_months_min: Threshold = setting(
        "PORTFOLIO_EXPENSE_MONTHS_MIN", section=PORTFOLIO, default=Decimal(3),
        description="Months of operating expense that the cash should cover.",
    )  # fmt: skip
    portfolio_revenue_decline_max: Threshold = setting(
        "PORTFOLIO_REVENUE_DECLINE_MAX", section=PORTFOLIO, default=Decimal(10),
        description="Percent that revenue may fall on the quarter before.",
    )  # fmt: skip
    portfolio_margin_drop_max: Threshold = setting(
        "PORTFOLIO_MARGIN_DROP_MAX", section=PORTFOLIO, default=Decimal(5),
        description="Percent points that the gross margin may fall on the quarter before.",
    )  # fmt: skip
    portfolio_stale_quarters_min: Annotated[int, Field(ge=1, le=100)] = setting(
        "PORTFOLIO_STALE_QUARTERS_MIN", section=PORTFOLIO, default=2,
        description="Quarters of silence after which a company is pointed out.",
    )  # fmt: skip

    portfolio_import_bytes_max: Annotated[int, Field(ge=1)] = setting(
        "PORTFOLIO_IMPORT_BYTES_MAX", section=PORTFOLIO, default=20 * 1024 * 1024,
        description="Largest file of figures or rates that is taken in.",
    )  # fmt: skip

    biotech_webhook_key: SecretKey | None = setting(
        "BIOTECH_WEBHOOK_KEY", section=BIOTECH, default_text="made once and kept in STRONGROOM_DATA_DIR",
        description="Seals the secrets of webhooks; at least 32 bytes. Required in production, equal in all processes.",
    )  # fmt: skip
    biotech_webhook_keys_previous: SecretKeys = setting(
        "BIOTECH_WEBHOOK_KEYS_PREVIOUS", section=BIOTECH, default=(),
        description="Keys that were used before: they only open what `strongroom biotech reseal` has not sealed anew.",
    )  # fmt: skip
    biotech_allow_private_targets: bool = setting(
        "BIOTECH_ALLOW_PRIVATE_TARGETS", section=BIOTECH, default=False,
        description="Whether webhooks may go to hosts of one's own network. Refused in production.",
    )  # fmt: skip
    biotech_allow_http_targets: bool = setting(
        "BIOTECH_ALLOW_HTTP_TARGETS", section=BIOTECH, default=False,
        description="Whether webhooks may go unencrypted. Refused in production.",
    )  # fmt: skip
    biotech_secret_overlap_s: Annotated[int, Field(ge=0, le=2_592_000)] = setting(
        "BIOTECH_SECRET_OVERLAP_S", section=BIOTECH, default=86_400,
        description="Seconds for which a webhook's secret before the current one signs too.",
    )  # fmt: skip
    biotech_delivery_history_days: Annotated[int, Field(ge=1, le=36_500)] = setting(
        "BIOTECH_DELIVERY_HISTORY_DAYS", section=BIOTECH, default=30,
        description="Days for which deliveries are kept.",
    )  # fmt: skip

    forecasting_access_token_ttl_s: Annotated[int, Field(ge=1, le=86_400)] = setting(
        "FORECASTING_ACCESS_TOKEN_TTL_S", section=FORECASTING, default=1800,
        description="Seconds an access token of forecasting is good for.",
    )  # fmt: skip
    forecasting_refresh_token_ttl_s: Annotated[int, Field(ge=1, le=31_536_000)] = setting(
        "FORECASTING_REFRESH_TOKEN_TTL_S", section=FORECASTING, default=604_800,
        description="Seconds a refresh token of forecasting is good for; longer than an access token.",
    )  # fmt: skip
    forecasting_login_attempts: Annotated[int, Field(ge=1, le=100)] = setting(
        "FORECASTING_LOGIN_ATTEMPTS", section=FORECASTING, default=5,
        description="Wrong passwords in a row before a user is locked out.",
    )  # fmt: skip
    forecasting_lockout_s: Annotated[int, Field(ge=1, le=86_400)] = setting(
        "FORECASTING_LOCKOUT_S", section=FORECASTING, default=900, description="Seconds a locked-out user waits."
    )
    forecasting_upload_bytes_max: Annotated[int, Field(ge=1)] = setting(
        "FORECASTING_UPLOAD_BYTES_MAX", section=FORECASTING, default=200 * 1024 * 1024,
        description="Largest file that is taken in.",
    )  # fmt: skip
    forecasting_backtest_windows: Annotated[int, Field(ge=1, le=20)] = setting(
        "FORECASTING_BACKTEST_WINDOWS", section=FORECASTING, default=3,
        description="How often, at most, the end of a series is hidden from a model to see how well it does.",
    )  # fmt: skip

    export_readiness_access_token_ttl_s: Annotated[int, Field(ge=1, le=86_400)] = setting(
        "EXPORT_READINESS_ACCESS_TOKEN_TTL_S", section=EXPORT_READINESS, default=1800,
        description="Seconds an access token of export readiness is good for.",
    )  # fmt: skip
    export_readiness_refresh_token_ttl_s: Annotated[int, Field(ge=1, le=31_536_000)] = setting(
        "EXPORT_READINESS_REFRESH_TOKEN_TTL_S", section=EXPORT_READINESS, default=604_800,
        description="Seconds a refresh token of export readiness is good for; longer than an access token.",
    )  # fmt: skip
    export_readiness_login_attempts: Annotated[int, Field(ge=1, le=100)] = setting(
        "EXPORT_READINESS_LOGIN_ATTEMPTS", section=EXPORT_READINESS, default=5,
        description="Wrong passwords in a row before a business is locked out.",
    )  # fmt: skip
    export_readiness_lockout_s: Annotated[int, Field(ge=1, le=86_400)] = setting(
        "EXPORT_READINESS_LOCKOUT_S", section=EXPORT_READINESS, default=900,
        description="Seconds a locked-out business waits.",
    )  # fmt: skip
    export_readiness_conversation_lifetime_s: Annotated[int, Field(ge=60, le=2_592_000)] = setting(
        "EXPORT_READINESS_CONVERSATION_LIFETIME_S", section=EXPORT_READINESS, default=86_400,
        description="Seconds after which a conversation takes no more questions.",
    )  # fmt: skip
    export_readiness_document_fonts: Paths = setting(
        "EXPORT_READINESS_DOCUMENT_FONTS", section=EXPORT_READINESS, default=(), default_text="none",
        description="Font files for PDFs, tried in this order for letters that DejaVu lacks, such as Devanagari.",
    )  # fmt: skip

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def uses_embedded(self) -> bool:
        """True when no database was named, so that the embedded PostgreSQL is to be started."""
        return self.database_url is None

    @property
    def masked_url(self) -> str:
        """What may be shown of the database: its kind, and of SQLite the file."""
        return "embedded PostgreSQL" if self.database_url is None else masked_url(self.database_url.get_secret_value())

    def database_options(self, embedded_url: str | None = None) -> DatabaseOptions:
        """What the engines need. embedded_url: of the started embedded server, needed when `uses_embedded`."""
        url = self.database_url.get_secret_value() if self.database_url else embedded_url
        if url is None:
            raise ConfigurationError(
                setting="DATABASE_URL", reason="is not set, and no embedded PostgreSQL was started in its place"
            )
        return DatabaseOptions(
            url=url,
            pool_size=self.database_pool_size,
            max_overflow=self.database_max_overflow,
            pool_timeout_s=self.database_pool_timeout_s,
            pool_recycle_s=self.database_pool_recycle_s,
            pool_pre_ping=self.database_pool_pre_ping,
            echo=self.database_echo,
            ssl_mode=self.database_ssl_mode,
            ssl_root_cert=str(self.database_ssl_root_cert) if self.database_ssl_root_cert else None,
            connect_timeout_s=self.database_connect_timeout_s,
            command_timeout_s=self.database_command_timeout_s,
            lock_timeout_s=self.database_lock_timeout_s,
            idle_in_transaction_timeout_s=self.database_idle_in_transaction_timeout_s,
            pgbouncer=self.database_pgbouncer,
            application_name=self.database_application_name,
        )

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        values, given = dict(self), self.model_fields_set
        problems = [*database_rules.find_contradictions(values, given), *rules.find_contradictions(values)]
        if problems:
            raise build_refusal(problems)
        return self
