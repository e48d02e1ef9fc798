"""Which names are settings, which belong to other programs, and which look like a misspelt setting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from pydantic import AliasChoices
from pydantic.fields import FieldInfo

from strongroom.settings.model import Settings
from strongroom.settings.problems import Problem

#: nobody else sets names that begin so
OUR_PREFIXES = ("STRONGROOM_", "DATABASE_", "BANKING_")
SHARED_PREFIXES = ("DB_", "POSTGRES_", "ACCESS_TOKEN_", "REFRESH_TOKEN_", "CORS_")
#: of difflib: 1 is equal. A name in our style may differ more than one that is probably not meant for us
LIKENESS_MIN_SHARED = 0.85
LIKENESS_MIN_FOREIGN = 0.92

#: read by the PostgreSQL image, or set by hosting platforms beside DATABASE_URL
FOREIGN = {
    "POSTGRES_INITDB_ARGS", "POSTGRES_INITDB_WALDIR", "POSTGRES_HOST_AUTH_METHOD", "POSTGRES_PASSWORD_FILE",
    "POSTGRES_USER_FILE", "POSTGRES_DB_FILE", "POSTGRES_INITDB_ARGS_FILE",
    "DATABASE_PUBLIC_URL", "DATABASE_PRIVATE_URL", "DATABASE_URL_UNPOOLED", "DATABASE_CONNECTION_POOL_URL",
}  # fmt: skip
#: Kubernetes and Docker announce a service named "database" as DATABASE_SERVICE_HOST, DATABASE_PORT_5432_TCP …
SERVICE_LINK = re.compile(r"_SERVICE_(HOST|PORT)(_\w+)?$|_PORT_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?$")
SERVICE_ADDRESS = re.compile(r"(tcp|udp)://")


def names_of(field: FieldInfo) -> tuple[str, ...]:
    """All names of a setting, the preferred one first."""
    assert isinstance(field.validation_alias, AliasChoices)
    return tuple(str(name) for name in field.validation_alias.choices)


FIELD_BY_NAME: Mapping[str, str] = {
    name: field_name for field_name, field in Settings.model_fields.items() for name in names_of(field)
}


def is_foreign(name: str, value: str) -> bool:
    """True when another program's business, though it looks like ours."""
    is_link = SERVICE_LINK.search(name) is not None
    return name in FOREIGN or is_link or (name.endswith("_PORT") and SERVICE_ADDRESS.match(value) is not None)


def find_misspelling(name: str, *, strict: bool) -> Problem | None:
    """What to say about a name that is no setting; None when it can be left alone. strict: it must be one."""
    upper = name.upper()
    if upper in FIELD_BY_NAME:
        return Problem(name, f"is not a setting; names are in capitals: {upper}")
    if strict or upper.startswith(OUR_PREFIXES):
        likely = get_close_matches(upper, FIELD_BY_NAME, n=1)
        hint = f"; did you mean {likely[0]}?" if likely else "; docs/settings.md lists those there are"
        return Problem(name, f"is not a setting{hint}")
    likeness = LIKENESS_MIN_SHARED if upper.startswith(SHARED_PREFIXES) else LIKENESS_MIN_FOREIGN
    likely = get_close_matches(upper, FIELD_BY_NAME, n=1, cutoff=likeness)
    return Problem(name, f"is not a setting; did you mean {likely[0]}?") if likely else None
