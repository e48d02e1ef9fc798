"""The settings that no system has of its own: service, database, pool, secrets, web, jobs and cache."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from strongroom.kernel.engines import SslMode
from strongroom.settings import database_rules
from strongroom.settings.kinds import (
    Connections,
    Environment,
    Origins,
    Port,
    PositiveSeconds,
    Seconds,
    SecretKey,
    setting,
)

SERVICE = "Service"
DATABASE = "Database"
POOL = "Connection pool"
PROTECTION = "Encryption on the way"
TIMEOUTS = "Timeouts"
SECRETS = "Secrets and tokens"
WEB = "Web"
JOBS = "Jobs"
CACHE = "Cache"


class ServiceSettings(BaseSettings):
    """What the building itself is told."""

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

    jobs_in_server: bool = setting(
        "JOBS_IN_SERVER", section=JOBS, default=True,
        description="Run jobs inside `strongroom serve` and `up` too; false where `strongroom jobs work` runs beside.",
    )  # fmt: skip
    jobs_concurrency: Annotated[int, Field(ge=1, le=1000)] = setting(
        "JOBS_CONCURRENCY", section=JOBS, default=4, description="Jobs one worker runs at once, in threads."
    )
    jobs_processes: Annotated[int, Field(ge=1, le=1000)] = setting(
        "JOBS_PROCESSES", section=JOBS, default=1,
        description="Jobs that compute, in processes of their own, beside those in threads.",
    )  # fmt: skip
    jobs_poll_interval_s: PositiveSeconds = setting(
        "JOBS_POLL_INTERVAL_S", section=JOBS, default=1.0,
        description="Seconds between two looks for jobs that have become due; of new ones a worker hears at once.",
    )  # fmt: skip
    jobs_listen: bool = setting(
        "JOBS_LISTEN", section=JOBS, default=True,
        description="False where LISTEN does not get through; never used with DATABASE_PGBOUNCER.",
    )  # fmt: skip
    jobs_lease_s: PositiveSeconds = setting(
        "JOBS_LEASE_S", section=JOBS, default=60.0,
        description="Seconds of silence after which a worker is taken for dead and its jobs are run again.",
    )  # fmt: skip
    jobs_shutdown_s: Seconds = setting(
        "JOBS_SHUTDOWN_S", section=JOBS, default=30.0,
        description="Seconds that jobs may go on when their worker is told to stop.",
    )  # fmt: skip
    jobs_keep_days: Annotated[int, Field(ge=0, le=36_500)] = setting(
        "JOBS_KEEP_DAYS", section=JOBS, default=30,
        description="Days after which jobs that succeeded are removed; 0 never. Failed ones stay.",
    )  # fmt: skip

    cache_bytes_max: Annotated[int, Field(ge=0)] = setting(
        "CACHE_BYTES_MAX", section=CACHE, default=64_000_000,
        description="Bytes of answers each process keeps; 0 keeps none. A kept answer is never a stale one.",
    )  # fmt: skip
    cache_entries_max: Annotated[int, Field(ge=1)] = setting(
        "CACHE_ENTRIES_MAX", section=CACHE, default=10_000, description="Answers each process keeps."
    )
    redis_url: SecretStr | None = setting(
        "REDIS_URL", section=CACHE,
        description="A Redis server that shares answers between processes, like redis://cache:6379/0.",
    )  # fmt: skip

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # the usual sources cannot tell two names of one setting apart; reading.py hands over its own
        return (init_settings,)
