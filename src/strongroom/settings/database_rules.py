"""What the settings of the database say together: one URL, one size of the pool, and encryption that production needs.

`values` are checked settings by field name; `given` are the names of those that somebody set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Set
from typing import Any

from pydantic import SecretStr
from sqlalchemy import URL

from strongroom.kernel.engines import SSL_MODES, parse_url
from strongroom.kernel.errors import ConfigurationError
from strongroom.settings.problems import Problem

Values = Mapping[str, Any]

SMALL_POOL = 5
LARGE_POOL = 20
OVERFLOW = 30
PARTS = ("postgres_host", "postgres_port", "postgres_db", "postgres_user", "postgres_password")
#: the rest means different things to the two drivers, or would go behind the back of a setting
URL_PARAMETERS = {"host", "port", "sslmode"}
SETTING_INSTEAD = {
    "ssl": "DATABASE_SSL_MODE",
    "sslrootcert": "DATABASE_SSL_ROOT_CERT",
    "connect_timeout": "DATABASE_CONNECT_TIMEOUT",
    "command_timeout": "DATABASE_COMMAND_TIMEOUT",
    "application_name": "DATABASE_APPLICATION_NAME",
}


def url_from_parts(values: Values) -> SecretStr | None:
    """The URL that POSTGRES_HOST, …_DB and …_USER make; None when one is missing."""
    host, database, user = (values.get(name) for name in ("postgres_host", "postgres_db", "postgres_user"))
    if not (host and database and user):
        return None
    password: SecretStr | None = values["postgres_password"]
    secret = password.get_secret_value() if password else None
    port = values["postgres_port"]
    if host.startswith("/"):
        query = {"host": host, "port": str(port)}
        url = URL.create("postgresql", username=user, password=secret, database=database, query=query)
    else:
        url = URL.create("postgresql", username=user, password=secret, host=host, port=port, database=database)
    return SecretStr(url.render_as_string(hide_password=False))


def default_pool_size(values: Values) -> int:
    size = SMALL_POOL if values["environment"] in ("development", "testing") else LARGE_POOL
    return min(size, values["database_max_connections"] or size)


def default_overflow(values: Values) -> int:
    maximum: int | None = values["database_max_connections"]
    return OVERFLOW if maximum is None else max(0, maximum - values["database_pool_size"])


def default_ssl_mode(values: Values) -> str:
    """The URL's own sslmode goes first, even a wrong one: `find_contradictions` names it then."""
    fallback = "require" if values["environment"] == "production" else "prefer"
    try:
        return _ssl_mode_of(_parsed(values)) or fallback
    except ConfigurationError:
        return fallback


def find_contradictions(values: Values, given: Set[str]) -> Iterator[Problem]:
    yield from _find_pool_problems(values)
    yield from _find_certificate_problems(values)
    yield from _find_half_given_parts(values, given)
    try:
        url = _parsed(values)
    except ConfigurationError as error:
        yield Problem(error.facts["setting"], error.facts["reason"])
        return
    if url is None:
        if values["environment"] == "production":
            yield Problem("DATABASE_URL", "must be set in production; the embedded PostgreSQL is for development")
        return
    if "database_url" in given:
        yield from _find_other_parts(values, given, url)
    if url.get_backend_name() == "sqlite":
        if values["environment"] == "production":
            yield Problem("DATABASE_URL", "must be PostgreSQL in production; SQLite is for development")
    else:
        yield from _find_ssl_problems(values, given, url)
        yield from _find_url_parameters(url)


def _find_pool_problems(values: Values) -> Iterator[Problem]:
    maximum = values["database_max_connections"]
    size, overflow = values["database_pool_size"], values["database_max_overflow"]
    if maximum is not None and maximum < size:
        yield Problem("DATABASE_MAX_CONNECTIONS", f"{maximum} must not be below DATABASE_POOL_SIZE, which is {size}")
    elif maximum is not None and maximum != size + overflow:
        yield Problem(
            "DATABASE_MAX_CONNECTIONS",
            f"{maximum} is not DATABASE_POOL_SIZE ({size}) + DATABASE_MAX_OVERFLOW ({overflow}); "
            "leave DATABASE_MAX_OVERFLOW out and it follows from the others",
        )


def _find_certificate_problems(values: Values) -> Iterator[Problem]:
    path, mode = values["database_ssl_root_cert"], values["database_ssl_mode"]
    if path is not None and not (path.is_file() and os.access(path, os.R_OK)):
        yield Problem("DATABASE_SSL_ROOT_CERT", f"'{path}' is not a file that can be read")
    if path is None and mode in ("verify-ca", "verify-full"):
        yield Problem("DATABASE_SSL_ROOT_CERT", f"must name the certificate authority that {mode} checks against")


def _find_half_given_parts(values: Values, given: Set[str]) -> Iterator[Problem]:
    if values["database_url"] is None and any(name in given for name in PARTS):
        needed = ("postgres_host", "postgres_db", "postgres_user")
        missing = ", ".join(name.upper() for name in needed if values[name] is None)
        some = next(name for name in PARTS if name in given).upper()
        yield Problem(
            some, f"names a part of a database only; set {missing} too, or DATABASE_URL instead, or none of them"
        )


def _find_other_parts(values: Values, given: Set[str], url: URL) -> Iterator[Problem]:
    """Where DATABASE_URL and POSTGRES_… name different databases, nobody can know which one is meant."""
    in_url = {
        "postgres_host": ",".join(_hosts(url)),
        "postgres_port": str(url.port or url.query.get("port", 5432)),
        "postgres_db": url.database,
        "postgres_user": url.username,
        "postgres_password": url.password,
    }
    for name in PARTS:
        value = values[name]
        plain = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        if name in given and plain != in_url[name]:
            yield Problem(
                f"DATABASE_URL and {name.upper()}", "both are set and disagree; keep one, the other follows from it"
            )


def _find_ssl_problems(values: Values, given: Set[str], url: URL) -> Iterator[Problem]:
    in_url, mode = _ssl_mode_of(url), values["database_ssl_mode"]
    if in_url is not None and in_url not in SSL_MODES:
        yield Problem("DATABASE_URL", f"its sslmode {in_url!r} is none of {', '.join(SSL_MODES)}")
        return
    if in_url is not None and in_url != mode:
        yield Problem(
            "DATABASE_SSL_MODE and DATABASE_URL",
            f"{mode!r} and the URL's sslmode {in_url!r} disagree; take sslmode out of the URL",
        )
    weak = SSL_MODES.index(mode) < SSL_MODES.index("require")
    if values["environment"] == "production" and weak and not _is_unix_socket(url):
        yield Problem(
            "DATABASE_SSL_MODE" if "database_ssl_mode" in given else "DATABASE_URL",
            f"sslmode {mode!r} is refused in production: "
            "use require, or better verify-full with DATABASE_SSL_ROOT_CERT",
        )


def _find_url_parameters(url: URL) -> Iterator[Problem]:
    for name in sorted(set(url.query) - URL_PARAMETERS):
        instead = SETTING_INSTEAD.get(name)
        way_out = f"set {instead} instead" if instead else "take it out of the URL"
        yield Problem("DATABASE_URL", f"its parameter {name!r} is not understood; {way_out}")


def _parsed(values: Values) -> URL | None:
    secret: SecretStr | None = values["database_url"]
    return parse_url(secret.get_secret_value()) if secret else None


def _ssl_mode_of(url: URL | None) -> str | None:
    mode = url.query.get("sslmode") if url is not None else None
    return mode if mode is None or isinstance(mode, str) else ",".join(mode)


def _hosts(url: URL) -> list[str]:
    """Every host the driver may try; libpq takes several."""
    named = url.query.get("host", url.host or "")
    listed = named.split(",") if isinstance(named, str) else list(named)
    return [host for host in listed if host]


def _is_unix_socket(url: URL) -> bool:
    """True when a socket is named; a URL without a host is not one, since PGHOST may say otherwise."""
    hosts = _hosts(url)
    return bool(hosts) and all(host.startswith("/") for host in hosts)
