"""All settings in one frozen object: names as the environment has them, defaults, bounds, and what goes together."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from strongroom.kernel.engines import DatabaseOptions, SslMode, masked_url
from strongroom.kernel.errors import ConfigurationError
from strongroom.settings import database_rules, rules
from strongroom.settings.kinds import (
    Amount,
    Connections,
    Environment,
    Origins,
    Port,
    PositiveSeconds,
    Seconds,
    SecretKey,
    setting,
)
from strongroom.settings.problems import build_refusal

SERVICE = "Service"
DATABASE = "Database"
POOL = "Connection pool"
PROTECTION = "Encryption on the way"
TIMEOUTS = "Timeouts"
SECRETS = "Secrets and tokens"
WEB = "Web"
BANKING = "Banking"


class Settings(BaseSettings):
    """The settings of one process. Made directly, it takes only what it is given; `load_settings` reads them."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, hide_input_in_errors=True
    )

    environment: Environment = setting(
        "ENVIRONMENT", section=SERVICE, default="development",
        description="What this process is for: development, staging, production or testing. Production is strict.",
    )  # fmt: skip
    data_dir: Path = setting(
        "STRONGROOM_DATA_DIR", section=SERVICE, default=Path(".strongroom"),
        description="Folder of the embedded database and of keys made here.",
    )  # fmt: skip

    postgres_host: str | None = setting(
        "POSTGRES_HOST", section=DATABASE,
        description="Server, or the folder of its socket; with POSTGRES_DB and POSTGRES_USER in place of DATABASE_URL.",
    )  # fmt: skip
    postgres_port: Port = setting(
        "POSTGRES_PORT", section=DATABASE, default=5432, description="Port of POSTGRES_HOST, 1 to 65535."
    )
    postgres_db: str | None = setting(
        "POSTGRES_DB", section=DATABASE, description="Name of the database on POSTGRES_HOST."
    )
    postgres_user: str | None = setting(
        "POSTGRES_USER", section=DATABASE, description="Role to connect to POSTGRES_HOST as."
    )
    postgres_password: SecretStr | None = setting(
        "POSTGRES_PASSWORD", section=DATABASE,
        description="Password of POSTGRES_USER; any characters, none need escaping.",
    )  # fmt: skip
    database_url: SecretStr | None = setting(
        "DATABASE_URL", section=DATABASE, default_from=database_rules.url_from_parts,
        default_text="made from POSTGRES_…, else the embedded PostgreSQL",
        description="`postgresql://user:password@host:5432/name` or `sqlite:///./file.db`. Required in production.",
    )  # fmt: skip
    database_application_name: Annotated[str, Field(min_length=1, max_length=63)] = setting(
        "DATABASE_APPLICATION_NAME", section=DATABASE, default="strongroom",
        description="What pg_stat_activity shows for our connections.",
    )  # fmt: skip
    database_pgbouncer: bool = setting(
        "DATABASE_PGBOUNCER", section=DATABASE, default=False,
        description="True behind PgBouncer in transaction mode: no prepared statements, no session state.",
    )  # fmt: skip
    database_echo: bool = setting(
        "DATABASE_ECHO", "DATABASE_ECHO_SQL", section=DATABASE, default=False,
        description="Log every statement; its values stay hidden.",
    )  # fmt: skip

    database_max_connections: Connections | None = setting(
        "DATABASE_MAX_CONNECTIONS", section=POOL, default_text="DATABASE_POOL_SIZE + DATABASE_MAX_OVERFLOW",
        description="Connections of one process at most: the pool and its overflow together.",
    )  # fmt: skip
    database_pool_size: Connections = setting(
        "DATABASE_POOL_SIZE", "DB_POOL_SIZE", section=POOL, default_from=database_rules.default_pool_size,
        default_text="5 in development and testing, else 20; never above DATABASE_MAX_CONNECTIONS",
        description="Connections kept open, per process.",
    )  # fmt: skip
    database_max_overflow: Annotated[int, Field(ge=0, le=10_000)] = setting(
        "DATABASE_MAX_OVERFLOW", "DB_MAX_OVERFLOW", section=POOL, default_from=database_rules.default_overflow,
        default_text="30, or what DATABASE_MAX_CONNECTIONS leaves",
        description="Connections opened beyond the pool under load, and closed again.",
    )  # fmt: skip
    database_pool_timeout_s: PositiveSeconds = setting(
        "DATABASE_POOL_TIMEOUT", section=POOL, default=30.0,
        description="Seconds a caller waits for a free connection before POOL_EXHAUSTED.",
    )  # fmt: skip
    database_pool_recycle_s: Annotated[int, Field(ge=-1, le=604_800)] = setting(
        "DATABASE_POOL_RECYCLE", section=POOL, default=3600,
        description="Age in seconds at which an idle connection is replaced; -1 never.",
    )  # fmt: skip
    database_pool_pre_ping: bool = setting(
        "DATABASE_POOL_PRE_PING", section=POOL, default=True,
        description="Test a connection before it is handed out.",
    )  # fmt: skip

    database_ssl_mode: SslMode = setting(
        "DATABASE_SSL_MODE", section=PROTECTION, default_from=database_rules.default_ssl_mode,
        default_text="sslmode of the URL, else require in production, else prefer",
        description="disable, allow, prefer, require, verify-ca or verify-full. Production refuses less than require.",
    )  # fmt: skip
    database_ssl_root_cert: Path | None = setting(
        "DATABASE_SSL_ROOT_CERT", section=PROTECTION,
        description="File with the certificate authority that verify-ca and verify-full trust; they need it.",
    )  # fmt: skip

    database_connect_timeout_s: PositiveSeconds = setting(
        "DATABASE_CONNECT_TIMEOUT", section=TIMEOUTS, default=10.0, description="Seconds to open one connection."
    )
    database_command_timeout_s: Seconds = setting(
        "DATABASE_COMMAND_TIMEOUT", section=TIMEOUTS, default=60.0,
        description="Seconds one statement may run, then STATEMENT_TIMED_OUT; 0 no bound.",
    )  # fmt: skip
    database_lock_timeout_s: Seconds = setting(
        "DATABASE_LOCK_TIMEOUT", section=TIMEOUTS, default=10.0,
        description="Seconds to wait for one lock; 0 no bound.",
    )  # fmt: skip
    database_idle_in_transaction_timeout_s: Seconds = setting(
        "DATABASE_IDLE_IN_TRANSACTION_TIMEOUT", section=TIMEOUTS, default=30.0,
        description="Seconds after which the server ends a transaction that nobody uses; 0 never.",
    )  # fmt: skip

    secret_key: SecretKey | None = setting(
        "SECRET_KEY", section=SECRETS, default_text="made once and kept in STRONGROOM_DATA_DIR",
        description="Signs tokens and cursors; at least 32 bytes. Required in production, equal in all its processes.",
    )  # fmt: skip
    banking_card_key: SecretKey | None = setting(
        "BANKING_CARD_KEY", section=SECRETS, default_text="made once and kept in STRONGROOM_DATA_DIR",
        description="Hashes card numbers and PINs; at least 32 bytes. Required in production; a new one ends all PINs.",
    )  # fmt: skip
    access_token_ttl_s: Annotated[int, Field(ge=1, le=86_400)] = setting(
        "ACCESS_TOKEN_TTL_S", section=SECRETS, default=900, description="Seconds an access token is good for."
    )
    refresh_token_ttl_s: Annotated[int, Field(ge=1, le=31_536_000)] = setting(
        "REFRESH_TOKEN_TTL_S", section=SECRETS, default=2_592_000,
        description="Seconds a refresh token is good for; longer than an access token. The default is 30 days.",
    )  # fmt: skip

    host: str = setting(
        "STRONGROOM_HOST", section=WEB, default="127.0.0.1",
        description="Address the server listens on; 0.0.0.0 for all.",
    )  # fmt: skip
    port: Port = setting(
        "STRONGROOM_PORT", section=WEB, default=8000, description="Port the server listens on, 1 to 65535."
    )
    cors_allowed_origins: Origins = setting(
        "CORS_ALLOWED_ORIGINS", section=WEB, default=(), default_text="none",
        description="Origins whose pages may call us, separated by commas. Production refuses *.",
    )  # fmt: skip
    max_body_bytes: Annotated[int, Field(ge=1024, le=1_073_741_824)] = setting(
        "MAX_BODY_BYTES", section=WEB, default=1_048_576, description="Largest request body, in bytes."
    )

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

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # the usual sources cannot tell two names of one setting apart; reading.py hands over its own
        return (init_settings,)
