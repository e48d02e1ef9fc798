"""What both PostgreSQL drivers must be told so that one set of options means the same to either."""

from __future__ import annotations

import ssl
from typing import Any

from sqlalchemy import URL

from strongroom.kernel.engines.options import DatabaseOptions

#: SQLSTATE of "canceling wait for synchronous replication": the commit is local only
COMMIT_NOT_REPLICATED = "01000"
#: key in connection.info under which such a warning is kept until the unit of work reads it
WARNED = "strongroom_commit_not_replicated"


def psycopg_arguments(url: URL, options: DatabaseOptions) -> dict[str, Any]:
    """connect() arguments for psycopg 3."""
    arguments: dict[str, Any] = {
        "connect_timeout": max(1, int(options.connect_timeout_s)),
        "application_name": options.application_name,
        "sslmode": url.query.get("sslmode", options.ssl_mode),
    }
    if options.ssl_root_cert:
        arguments["sslrootcert"] = options.ssl_root_cert
    if options.pgbouncer:
        arguments["prepare_threshold"] = None
    else:
        arguments["options"] = " ".join(f"-c {name}={value}" for name, value in session_settings(options).items())
    return arguments


def asyncpg_arguments(url: URL, options: DatabaseOptions) -> dict[str, Any]:
    """connect() arguments for asyncpg; sslmode is not understood in its URL, so it is taken out of there."""
    arguments: dict[str, Any] = {"timeout": options.connect_timeout_s}
    if not _is_unix_socket(url):
        arguments["ssl"] = _ssl(str(url.query.get("sslmode", options.ssl_mode)), options.ssl_root_cert)
    if options.pgbouncer:
        arguments["statement_cache_size"] = 0
        arguments["prepared_statement_cache_size"] = 0
        arguments["server_settings"] = {"application_name": options.application_name}
    else:
        arguments["server_settings"] = {
            "application_name": options.application_name,
            **session_settings(options),
        }
    return arguments


def session_settings(options: DatabaseOptions) -> dict[str, str]:
    """Server settings of every connection; behind PgBouncer they are set for each transaction instead."""
    return {
        "timezone": "UTC",
        "statement_timeout": _milliseconds(options.command_timeout_s),
        "lock_timeout": _milliseconds(options.lock_timeout_s),
        "idle_in_transaction_session_timeout": _milliseconds(options.idle_in_transaction_timeout_s),
    }


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


def _is_unix_socket(url: URL) -> bool:
    return str(url.query.get("host", url.host or "/")).startswith("/")


def _ssl(mode: str, root_cert: str | None) -> str | ssl.SSLContext:
    if mode not in ("verify-ca", "verify-full") or root_cert is None:
        return mode
    context = ssl.create_default_context(cafile=root_cert)
    context.check_hostname = mode == "verify-full"
    return context
