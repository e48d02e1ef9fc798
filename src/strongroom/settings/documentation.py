"""Tells what settings there are, in rows, and writes docs/settings.md from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pydantic_core import PydanticUndefined

from strongroom.settings.model import Settings
from strongroom.settings.names import names_of


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting. aliases: other names of it; default: in words; description: with its unit."""

    name: str
    aliases: tuple[str, ...]
    default: str
    description: str
    is_secret: bool
    section: str


def describe() -> list[SettingRow]:
    """All settings, in the order of the page."""
    return [_row(field_name) for field_name in Settings.model_fields]


def is_secret(field_name: str) -> bool:
    return "SecretStr" in str(Settings.model_fields[field_name].annotation)


def describe_default(field_name: str) -> str:
    field = Settings.model_fields[field_name]
    text = _extra(field_name)["default_text"]
    if text is not None:
        return str(text)
    return _written(field.default)


def render_documentation() -> str:
    """docs/settings.md, whole."""
    return "\n".join([INTRODUCTION, *_sections()])


def _sections() -> Iterator[str]:
    for section, rows in groupby(describe(), key=lambda row: row.section):
        yield f"## {section}\n"
        yield "| setting | default | meaning |"
        yield "|---|---|---|"
        for row in rows:
            names = " or ".join(f"`{name}`" for name in (row.name, *row.aliases))
            secret = " Secret: never shown." if row.is_secret else ""
            yield f"| {names} | {row.default} | {row.description}{secret} |"
        yield ""


def _row(field_name: str) -> SettingRow:
    field = Settings.model_fields[field_name]
    name, *aliases = names_of(field)
    return SettingRow(
        name=name,
        aliases=tuple(aliases),
        default=describe_default(field_name),
        description=field.description or "",
        is_secret=is_secret(field_name),
        section=str(_extra(field_name)["section"]),
    )


def _extra(field_name: str) -> dict[str, Any]:
    extra = Settings.model_fields[field_name].json_schema_extra
    assert isinstance(extra, dict)
    return extra


def _written(value: object) -> str:
    """As one would write it in the environment."""
    if value is None or value is PydanticUndefined:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


INTRODUCTION = """# Settings

Strongroom reads its settings when it starts: first from the environment, then from a file `.env` in the
working directory. Nothing needs to be set to begin: without a database it starts an embedded PostgreSQL.

- The environment goes before the file. An empty value counts as not set. Values in the file are literal: no `${…}`.
- Where a setting has two names, either works; two names with different values are refused.
- A name that is no setting is refused: in `.env` every one, in the environment those that begin with `STRONGROOM_`,
  `DATABASE_` or `BANKING_`, and those that look like a slip of the pen. Names of other programs, such as
  `POSTGRES_INITDB_ARGS` of the PostgreSQL image, are left alone.
- `DATABASE_URL` from the environment replaces the `POSTGRES_…` settings of the file; within one place both must agree.
- Everything wrong is told at once, in one `CONFIGURATION_ERROR`. Secrets are never shown.

Production (`ENVIRONMENT=production`) demands `DATABASE_URL` with PostgreSQL, `SECRET_KEY`, and an sslmode of `require`
or better unless the server is reached through a Unix socket.

This page is written by `make docs`.
"""
