#!/usr/bin/env python
"""Writes the pages of docs/ that follow from the code: settings, commands, routes, and the tables of each system."""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typer
from pydantic import SecretStr
from rich.text import Text
from sqlalchemy import Column, ForeignKeyConstraint, Table, UniqueConstraint, make_url

from strongroom.assembly import SYSTEMS, Building, build_app
from strongroom.cli.main import app as command_line
from strongroom.kernel.system import System
from strongroom.settings import Settings, render_documentation

DOCS = Path(__file__).parents[1] / "docs"
POSTGRESQL = make_url("postgresql+psycopg://").get_dialect()()
WRITTEN_BY = "This page is written by `make docs`."


def main(words: Sequence[str] | None = None) -> int:
    """Write every page whose text has changed; 1 if any had, when only asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; name the pages that are stale and exit with 1"
    )
    parser.add_argument("--into", type=Path, default=DOCS, metavar="FOLDER", help="another folder than docs/")
    options = parser.parse_args(words)
    stale = [(options.into / name, text) for name, text in render_pages().items() if _read(options.into / name) != text]
    for page, text in stale:
        print(f"{page}: {'stale' if options.check else 'written'}")
        if not options.check:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
    return int(options.check and bool(stale))


@cache
def render_pages() -> dict[str, str]:
    """Every page, by its path within docs/."""
    return {
        "settings.md": render_documentation(),
        "commands.md": _joined(_commands()),
        "routes.md": _joined(_routes()),
        **{f"entities/{system.name}.md": _joined(_entities(system)) for system in SYSTEMS},
    }


def _read(page: Path) -> str | None:
    return page.read_text(encoding="utf-8") if page.exists() else None


def _joined(lines: Iterator[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


# ── Commands ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _commands() -> Iterator[str]:
    yield "# Commands\n"
    yield "Every command takes its database from the [settings](settings.md); without any, it starts an embedded"
    yield "PostgreSQL. Whatever is refused is one line, `CODE message`, with exit code 1; the codes are in"
    yield "[errors](errors.md). A slip of the pen exits with 2.\n"
    yield f"{WRITTEN_BY}\n"
    yield from _command("strongroom", typer.main.get_command(command_line))


def _command(name: str, command: Any) -> Iterator[str]:
    parts = getattr(command, "commands", {})
    if not parts or name == "strongroom":
        yield f"## `{name}`\n"
        yield f"{_plain(command.help)}\n"
        yield from _parameters(command)
    for word, part in parts.items():
        yield from _command(f"{name} {word}", part)


def _parameters(command: Any) -> Iterator[str]:
    shown = [parameter for parameter in command.params if "completion" not in (parameter.name or "")]
    if not shown:
        return
    yield "| option | meaning | default |"
    yield "|---|---|---|"
    for parameter in shown:
        names = [*parameter.opts, *parameter.secondary_opts]
        if parameter.param_type_name == "argument":
            names = [str(parameter.name).upper()]
        default = "required" if parameter.required else _default(parameter)
        yield f"| {', '.join(f'`{name}`' for name in names)} | {_plain(parameter.help)} | {default} |"
    yield ""


def _default(parameter: Any) -> str:
    if parameter.default in (None, False, "", ()):
        return ""
    return f"`{parameter.opts[0]}`" if parameter.default is True else f"`{parameter.default}`"


def _plain(help_text: str | None) -> str:
    return " ".join(Text.from_markup(help_text or "").plain.split())


# ── Routes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _routes() -> Iterator[str]:
    settings = Settings(database_url=SecretStr("sqlite://"), secret_key=SecretStr("-" * 32))  # never asked anything
    paths = build_app(Building(settings)).openapi()["paths"]
    by_tag: dict[str, list[str]] = {}
    for path, methods in paths.items():
        for method, operation in methods.items():
            row = f"| {method.upper()} | `{path}` | {operation['summary']} | {_who_may(operation)} |"
            by_tag.setdefault(operation["tags"][0], []).append(row)
    yield "# Routes\n"
    yield "While Strongroom is up, `/docs` shows the same routes with every field, and lets you try them."
    yield "Refusals are problem documents (RFC 9457); their codes are in [errors](errors.md).\n"
    yield "*Anyone* needs no token. *Signed in* needs the access token from sign-in, and sees what is the caller's own."
    yield "*By role* answers `ACCESS_DENIED` to those whose role does not allow it.\n"
    yield f"{WRITTEN_BY}\n"
    for tag, rows in by_tag.items():
        yield f"## {tag[0].upper()}{tag[1:]}\n"
        yield "| method | path | what it does | who may |"
        yield "|---|---|---|---|"
        yield from rows
        yield ""


def _who_may(operation: dict[str, Any]) -> str:
    if not operation.get("security"):
        return "anyone"
    return "by role" if "403" in operation["responses"] else "signed in"


# ── Entities ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _entities(system: System) -> Iterator[str]:
    tables = sorted(system.tables.tables.values(), key=lambda table: table.name)
    purposes = _purposes(system)
    yield f"# The tables of {system.title.lower()}\n"
    yield f"In the schema `{system.name}`; on SQLite, in an attached file of that name.\n"
    yield f"{WRITTEN_BY}\n"
    yield "```mermaid"
    yield "erDiagram"
    for table in tables:
        yield from sorted(f"    {_relation(key)}" for key in table.foreign_key_constraints)
    for table in tables:
        yield f"    {table.name} {{"
        yield from (f"        {_drawn(column)}" for column in table.columns if _marks(column))
        yield "    }"
    yield "```\n"
    for table in tables:
        yield f"## {table.name}\n"
        if table.name in purposes:
            yield f"{purposes[table.name]}\n"
        yield "| column | type | may be null | refers to |"
        yield "|---|---|---|---|"
        for column in table.columns:
            targets = ", ".join(sorted(f"`{key.column.table.name}.{key.column.name}`" for key in column.foreign_keys))
            key = " (key)" if column.primary_key else ""
            yield f"| `{column.name}`{key} | {_type(column)} | {'yes' if column.nullable else ''} | {targets} |"
        yield ""


def _purposes(system: System) -> dict[str, str]:
    """The first sentence of each model, by its table."""
    models = importlib.import_module(f"strongroom.systems.{system.name}").Base.registry.mappers
    return {
        mapper.local_table.name: " ".join(mapper.class_.__doc__.split("\n\n")[0].split())
        for mapper in models
        if mapper.class_.__doc__
    }


def _relation(key: ForeignKeyConstraint) -> str:
    """Crow's feet: one parent, or none when a column may be null; many children, or one when the columns are unique."""
    columns = list(key.columns)
    parent = "|o" if any(column.nullable for column in columns) else "||"
    child = "o|" if _is_unique(*columns) else "o{"
    label = ", ".join(column.name for column in columns)
    return f'{key.referred_table.name} {parent}--{child} {key.table.name} : "{label}"'


def _drawn(column: Column[Any]) -> str:
    kind = re.sub(r"\(.*\)", "", _type(column)).replace(" ", "_")
    return f"{kind} {column.name} {', '.join(_marks(column))}"


def _marks(column: Column[Any]) -> list[str]:
    """What makes a column worth drawing; the others are in the tables below the picture."""
    return ["PK"] * column.primary_key + ["FK"] * bool(column.foreign_keys) + ["UK"] * _is_unique(column)


def _is_unique(*columns: Column[Any]) -> bool:
    table = columns[0].table
    assert isinstance(table, Table)
    return any(
        set(constraint.columns) == set(columns)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    )


def _type(column: Column[Any]) -> str:
    written = column.type.compile(dialect=POSTGRESQL).lower()
    return {"timestamp with time zone": "timestamptz"}.get(written, written.replace("varchar", "text"))


if __name__ == "__main__":
    sys.exit(main())
