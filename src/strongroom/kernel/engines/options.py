"""What an engine can be told, with units and bounds; settings.py fills it in, nothing below reads the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from strongroom.kernel.errors import ConfigurationError

SslMode = Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
SSL_MODES: tuple[SslMode, ...] = get_args(SslMode)


@dataclass(frozen=True, slots=True)
class DatabaseOptions:
    """How to reach one database.

    url: `postgresql://`, `postgres://` or `sqlite:///`; drivers are chosen here, never by the caller. Never shown.
    pool_size: connections kept open, per process.
    max_overflow: connections opened beyond pool_size under load and closed again.
    pool_timeout_s: how long a caller waits for a free connection before PoolExhausted.
    pool_recycle_s: age at which an idle connection is replaced; -1 never.
    pool_pre_ping: test a connection before it is handed out.
    echo: log every statement; values stay hidden.
    ssl_mode: libpq's meaning; ssl_root_cert: path of the CA file that verify-ca and verify-full need.
    connect_timeout_s: bound on opening one connection.
    command_timeout_s: bound on one statement, PostgreSQL's statement_timeout; 0 none.
    lock_timeout_s: bound on waiting for one lock; 0 none.
    idle_in_transaction_timeout_s: after this the server ends a transaction nobody uses; 0 none.
    pgbouncer: True behind PgBouncer in transaction mode: no prepared statements, no session state.
    application_name: what pg_stat_activity shows.
    """

    url: str = field(repr=False)
    pool_size: int = 20
    max_overflow: int = 30
    pool_timeout_s: float = 30
    pool_recycle_s: int = 3600
    pool_pre_ping: bool = True
    echo: bool = False
    ssl_mode: SslMode = "prefer"
    ssl_root_cert: str | None = None
    connect_timeout_s: float = 10
    command_timeout_s: float = 60
    lock_timeout_s: float = 10
    idle_in_transaction_timeout_s: float = 30
    pgbouncer: bool = False
    application_name: str = "strongroom"

    def __post_init__(self) -> None:
        if self.ssl_mode not in SSL_MODES:
            raise ConfigurationError(setting="ssl_mode", reason=f"{self.ssl_mode!r} is none of {', '.join(SSL_MODES)}")
        if self.pool_size < 1:
            raise ConfigurationError(setting="pool_size", reason="must be at least 1")
        for name in (
            "max_overflow",
            "pool_timeout_s",
            "connect_timeout_s",
            "command_timeout_s",
            "lock_timeout_s",
            "idle_in_transaction_timeout_s",
        ):
            if getattr(self, name) < 0:
                raise ConfigurationError(setting=name, reason="must not be negative")

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")
