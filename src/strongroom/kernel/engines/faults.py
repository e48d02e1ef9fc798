"""Turns what a driver raises into our errors, by SQLSTATE and constraint name, in one table.

Source: PostgreSQL, Appendix A, "PostgreSQL Error Codes". SQLite has no codes of that kind, so its result codes
and messages are read into the same ones. The driver's error keeps no row contents: they would end up in logs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.exc import IntegrityError

from strongroom.kernel import errors
from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.tables.partitions import name_on_the_whole

ERROR_BY_SQLSTATE: Mapping[str, type[StrongroomError]] = {
    "23502": errors.ValueRequired,
    "23503": errors.StillReferenced,
    "23001": errors.StillReferenced,
    "23505": errors.AlreadyExists,
    "23514": errors.CheckFailed,
    "23P01": errors.CheckFailed,
    "25006": errors.WroteInReadOnly,
    "40001": errors.Collided,
    "40P01": errors.Collided,
    "55P03": errors.Collided,
    "57014": errors.StatementTimedOut,
    "3F000": errors.SchemaMissing,
    "42P01": errors.SchemaMissing,
    "42703": errors.SchemaMissing,
    "42883": errors.SchemaMissing,
    "SR001": errors.RowIsImmutable,
}
#: class of SQLSTATE of a value that is too long, too large or malformed, which its message then quotes
OF_A_VALUE = "22"
#: class of SQLSTATE of a constraint that is violated
OF_A_CONSTRAINT = "23"
#: classes of SQLSTATE that mean the server is gone or going
UNAVAILABLE = ("08", "57P", "53")
#: execution option of an engine under which its by_constraint stands
BY_CONSTRAINT = "strongroom_by_constraint"


@dataclass(frozen=True, slots=True)
class Fault:
    """What can be said of a driver's error without showing any row."""

    sqlstate: str
    constraint: str = ""
    table: str = ""
    column: str = ""
    schema: str = ""


def name_faults(engine: Engine, by_constraint: Mapping[str, type[StrongroomError]]) -> None:
    """Make every statement on the engine raise our errors instead of the driver's.

    by_constraint: a system's own error for a constraint of its tables, by `schema.name`: two systems may both have
    a `uq_users_email`.
    """

    engine.update_execution_options(**{BY_CONSTRAINT: by_constraint})

    @event.listens_for(engine, "handle_error")
    def rename(context: ExceptionContext) -> None:
        original = context.original_exception
        if isinstance(original, StrongroomError) or not isinstance(original, Exception):
            return  # what is no Exception ends the task or the program, and must
        if "sqlite_temp_master" in (context.statement or ""):
            return  # SQLAlchemy's own reflection asks for that table and expects to be refused
        if context.is_pre_ping:
            context.is_disconnect = True  # whatever is wrong with a pooled connection, the pool opens another
            return
        named = named_fault(
            original, by_constraint, statement=context.statement or "", is_disconnect=context.is_disconnect
        )
        if named is not None:
            raise named

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Dialect, _: Any, arguments: Any, options: Any) -> Any:
        try:
            return dialect.connect(*arguments, **options)
        except (dialect.loaded_dbapi.Error, OSError) as error:
            _hide_names(error)
            raise errors.DatabaseUnavailable() from error


def named_fault(
    original: Exception,
    by_constraint: Mapping[str, type[StrongroomError]],
    *,
    statement: str = "",
    is_disconnect: bool = False,
) -> StrongroomError | None:
    """Our error for a driver's, which is scrubbed of values; None when it is no fault of the database."""
    fault = read_fault(original)
    _scrub(original, is_of_a_value=fault.sqlstate.startswith(OF_A_VALUE))
    if is_disconnect or fault.sqlstate.startswith(UNAVAILABLE) or _is_broken_socket(original):
        return errors.DatabaseUnavailable()
    return error_of(fault, by_constraint, statement) if fault.sqlstate else None


def error_of(fault: Fault, by_constraint: Mapping[str, type[StrongroomError]], statement: str = "") -> StrongroomError:
    """The error for a fault: the system's own for that constraint, else the general one for its code."""
    own = _own_error(fault, by_constraint, statement)
    general = errors.ValueOutOfRange if fault.sqlstate.startswith(OF_A_VALUE) else errors.DatabaseRefused
    kind = own or ERROR_BY_SQLSTATE.get(fault.sqlstate, general)
    if fault.sqlstate.startswith(OF_A_CONSTRAINT):
        kind = _also_integrity_error(kind)
    if own is not None:
        return kind()
    return kind(
        sqlstate=fault.sqlstate,
        constraint=fault.constraint,
        table=fault.table,
        column=fault.column or "a column",
    )


def _own_error(
    fault: Fault, by_constraint: Mapping[str, type[StrongroomError]], statement: str
) -> type[StrongroomError] | None:
    """SQLite names no schema, nor does what a trigger raises: then the statement tells which one it was about."""
    if not fault.constraint:
        return None
    if fault.schema:
        return by_constraint.get(f"{fault.schema}.{fault.constraint}")
    schemas = [key.partition(".")[0] for key in by_constraint if key.endswith(f".{fault.constraint}")]
    meant = [schema for schema in schemas if len(schemas) == 1 or re.search(rf"\b{schema}\.", statement)]
    return by_constraint[f"{meant[0]}.{fault.constraint}"] if len(meant) == 1 else None


class ConstraintViolated(IntegrityError):
    """What `except sqlalchemy.exc.IntegrityError` catches: a message of ours, no statement and no values."""

    def __init__(self, message: str) -> None:
        super().__init__(None, None, Exception(message), hide_parameters=True)
        self.args = (message,)

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> Any:
        return _again, (type(self).__mro__[1], self.args[0], vars(self).get("facts", {}))


_also_integrity_error_by_kind: dict[type[StrongroomError], type[StrongroomError]] = {}


def _also_integrity_error(kind: type[StrongroomError]) -> type[StrongroomError]:
    """The same error for those who know it by SQLAlchemy's name only; its docstring stays the message."""
    if kind not in _also_integrity_error_by_kind:
        kept = {"__doc__": kind.__doc__, "__module__": kind.__module__, "__qualname__": kind.__qualname__}
        _also_integrity_error_by_kind[kind] = type(kind.__name__, (kind, ConstraintViolated), kept)
    return _also_integrity_error_by_kind[kind]


def _again(kind: type[StrongroomError], message: str, facts: dict[str, Any]) -> StrongroomError:
    """The error as it was before it was pickled, in another process perhaps."""
    error = _also_integrity_error(kind)(message)
    error.facts = facts
    return error


def read_fault(original: BaseException | None) -> Fault:
    """Code, constraint, table and column of whatever psycopg, asyncpg or sqlite3 raised."""
    sqlite_code = getattr(original, "sqlite_errorcode", None)
    if sqlite_code is not None:
        return _read_sqlite(sqlite_code, str(original))
    # SQLAlchemy wraps what asyncpg raises: both have the code, the constraint's name is on the cause alone
    for error in (getattr(original, "__cause__", None), original):
        details = getattr(error, "diag", error)
        sqlstate = getattr(error, "sqlstate", None)
        if sqlstate:
            return Fault(
                sqlstate,
                constraint=name_on_the_whole(getattr(details, "constraint_name", None) or ""),
                table=getattr(details, "table_name", None) or "",
                column=getattr(details, "column_name", None) or "",
                schema=getattr(details, "schema_name", None) or "",
            )
    # what a driver could not even send: psycopg a text with a zero byte, sqlite3 an integer of more than 64 bits
    if type(original).__name__ == "DataError" or isinstance(original, OverflowError):
        return Fault("22000")
    return Fault("")


_SQLITE_CODES = {
    275: "23514",  # SQLITE_CONSTRAINT_CHECK
    787: "23503",  # SQLITE_CONSTRAINT_FOREIGNKEY
    1811: "23503",  # SQLITE_CONSTRAINT_TRIGGER: how ON DELETE RESTRICT refuses; our own triggers are read above
    1299: "23502",  # SQLITE_CONSTRAINT_NOTNULL
    1555: "23505",  # SQLITE_CONSTRAINT_PRIMARYKEY
    2067: "23505",  # SQLITE_CONSTRAINT_UNIQUE
    8: "25006",  # SQLITE_READONLY, also under query_only
    5: "40001",  # SQLITE_BUSY
    517: "40001",  # SQLITE_BUSY_SNAPSHOT
    6: "40001",  # SQLITE_LOCKED
    14: "08001",  # SQLITE_CANTOPEN
    13: "53100",  # SQLITE_FULL
}


def _read_sqlite(code: int, message: str) -> Fault:
    if match := re.match(r"strongroom:(?P<constraint>\w+):(?P<table>\w+)", message):
        sqlstate = "SR001" if match["constraint"] == "immutable" else "23514"
        return Fault(sqlstate, constraint=match["constraint"], table=match["table"])
    if re.match(r"no such (table|column)", message):
        return Fault("42P01")
    if re.match(r"attempt to write a readonly", message):
        return Fault("25006")
    subject = message.partition("failed: ")[2]
    table, _, columns = subject.partition(".")
    if code == 1555:
        return Fault("23505", constraint=f"pk_{table}", table=table)
    if code == 2067:  # SQLite names the columns; the naming convention makes them a constraint name again
        if subject.startswith("index '"):
            return Fault("23505", constraint=subject.split("'")[1])
        names = "_".join(part.strip().rpartition(".")[2] for part in subject.split(","))
        return Fault("23505", constraint=f"uq_{table}_{names}", table=table)
    if code == 275:
        return Fault("23514", constraint=subject)
    if code == 1299:
        return Fault("23502", table=table, column=columns)
    return Fault(_SQLITE_CODES.get(code, _SQLITE_CODES.get(code & 0xFF, "XX000")))


def _scrub(error: BaseException | None, *, is_of_a_value: bool) -> None:
    """Cut an error down to its first line: DETAIL, CONTEXT and 'Failing row contains' hold values."""
    while error is not None:
        if is_of_a_value:
            error.args = ("a value does not fit; it is not shown",)
        elif error.args and isinstance(error.args[0], str):
            error.args = (error.args[0].split("\n")[0].split("DETAIL:")[0], *error.args[1:])
        for name in ("detail", "context", "internal_query"):
            if isinstance(getattr(error, name, None), str):
                setattr(error, name, None)
        error = error.__cause__


def _hide_names(error: BaseException | None) -> None:
    """Keep why a connection failed; blot out what is quoted or in parentheses: the host, the user, the database."""
    while error is not None:
        error.args = tuple(_NAMES.sub("***", part) if isinstance(part, str) else part for part in error.args)
        if isinstance(error, OSError) and error.strerror:
            error.strerror = _NAMES.sub("***", error.strerror)  # this, not the arguments, is what it shows
        error = error.__cause__ or error.__context__


_NAMES = re.compile(r"\"[^\"]*\"|'[^']*'|\([^)]*\)")


def _is_broken_socket(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return True
    text = str(error)
    return type(error).__name__ in {"OperationalError", "InterfaceError", "InternalClientError"} and bool(
        re.search(
            r"connection (failed|refused|is bad|is closed|was closed|is lost|not open)|server closed|timeout expired"
            r"|could not (translate|connect|receive|send)|connect\(\) failed|unable to open",
            text,
            re.IGNORECASE,
        )
    )


def describe(error: Any) -> str:
    """One line about any error that is safe to log: its class and, if it is ours, its message."""
    return f"{type(error).__name__}: {error}" if isinstance(error, StrongroomError) else type(error).__name__
