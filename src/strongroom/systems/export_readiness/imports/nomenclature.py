"""The Harmonized System as UN Comtrade lists it: section, hscode, description, parent, level."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session, class_mapper

from strongroom.kernel.sessions import copy_rows
from strongroom.systems.export_readiness.errors import NomenclatureRefused
from strongroom.systems.export_readiness.models import HsCode

SOURCE = "UN Comtrade, by way of github.com/datasets/harmonized-system (public domain, PDDL 1.0)"
SOURCE_DATE = date(2024, 10, 1)

COLUMNS = ("section", "hscode", "description", "parent", "level")
#: the row above all chapters is no heading
TOTAL = "TOTAL"
BYTES_MAX = 50_000_000
_GZIP = b"\x1f\x8b"
_PROBLEMS_MAX = 20
_TABLE = cast("Table", class_mapper(HsCode).local_table)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One heading of the file, as it is stored."""

    code: str
    section: str
    level: int
    parent: str | None
    description: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: headings in it, those that were new, and those whose words have changed."""

    rows: int
    added: int
    changed: int


def import_nomenclature(
    session: Session,
    content: bytes,
    name: str,
    *,
    source: str = SOURCE,
    source_date: date = SOURCE_DATE,
    report: Progress | None = None,
) -> Imported:
    """Store the headings of a CSV file, which may be gzipped: all or none. Safe to repeat.

    What is there and not in the file stays, since reports may speak of it. report: called with rows done and rows in
    all. Raises NomenclatureRefused, which names every problem by its line.
    """
    entries = read_nomenclature(content, name)
    present = {row.code: row for row in session.execute(select(_TABLE))}
    new = [entry for entry in entries.values() if entry.code not in present]
    changed = [entry for entry in entries.values() if entry.code in present and _differs(entry, present[entry.code])]
    # a heading refers to its parent, which therefore comes before it
    new.sort(key=lambda entry: (entry.level, entry.code))
    columns = ("code", "section", "level", "parent", "description", "source", "source_date")
    rows = ((*_values(entry), source, source_date) for entry in _counted(new, len(entries), report))
    added = copy_rows(session, _TABLE, columns, rows)
    for entry in changed:
        values = dict(zip(columns, (*_values(entry), source, source_date), strict=True))
        session.execute(update(_TABLE).where(_TABLE.c.code == entry.code).values(values))
    if report is not None:
        report(len(entries), len(entries))
    return Imported(len(entries), added, len(changed))


def read_nomenclature(content: bytes, name: str) -> Mapping[str, Entry]:
    """The headings of a file, by code. Raises NomenclatureRefused."""
    problems: list[str] = []
    entries: dict[str, Entry] = {}
    lines: dict[str, int] = {}
    for line, row in _rows(_text(content, name), name):
        if row["hscode"] == TOTAL:
            continue
        problem = _problem(row)
        if problem is None and row["hscode"] in entries:
            problem = f"{row['hscode']} stands on line {lines[row['hscode']]} as well"
        if problem is not None:
            problems.append(f"line {line}: {problem}")
            continue
        parent = None if row["parent"] == TOTAL else row["parent"]
        code = row["hscode"]
        entries[code] = Entry(code, row["section"], len(code), parent, " ".join(row["description"].split()))
        lines[code] = line
    orphans = (entry for entry in entries.values() if entry.parent is not None and entry.parent not in entries)
    problems += [f"line {lines[entry.code]}: there is no parent {entry.parent}" for entry in orphans]
    if problems or not entries:
        raise _refusal(name, problems or ["line 1: the file holds no heading"])
    return entries


def _problem(row: Mapping[str, str]) -> str | None:
    code, parent = row["hscode"], row["parent"]
    if not (code.isascii() and code.isdigit() and len(code) in (2, 4, 6)):
        return "hscode must be 2, 4 or 6 digits"
    if row["level"] != str(len(code)):
        return f"level must be {len(code)}, the digits of {code}"
    if parent != (code[:-2] or TOTAL):
        return f"parent must be {code[:-2] or TOTAL}"
    if not 1 <= len(row["section"]) <= 5:
        return "section must have 1 to 5 letters"
    return None if row["description"].strip() else "description must not be blank"


def _rows(text: str, name: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="more", restval="")
    if missing := [column for column in COLUMNS if column not in (reader.fieldnames or ())]:
        raise _refusal(name, [f"line 1: there is no column {column}" for column in missing])
    try:
        for row in reader:
            yield reader.line_num, {column: row[column].strip() for column in COLUMNS}
    except csv.Error as error:
        raise _refusal(name, [f"line {reader.line_num}: {error}"]) from None


def _text(content: bytes, name: str) -> str:
    try:
        if content.startswith(_GZIP):
            with gzip.open(io.BytesIO(content)) as stream:
                content = stream.read(BYTES_MAX + 1)
        if len(content) > BYTES_MAX:
            raise _refusal(name, [f"line 1: the file has more than {BYTES_MAX:,} bytes"])
        return content.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error):
        raise _refusal(name, ["line 1: the file is no whole gzip file"]) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refusal(name, [f"line {line}: the text is not UTF-8"]) from None


def _refusal(name: str, problems: list[str]) -> NomenclatureRefused:
    shown = tuple(problems[:_PROBLEMS_MAX])
    return NomenclatureRefused(file=name, count=len(problems), first=shown[0], problems=shown)


def _values(entry: Entry) -> tuple[str, str, int, str | None, str]:
    return entry.code, entry.section, entry.level, entry.parent, entry.description


def _differs(entry: Entry, row: object) -> bool:
    return any(getattr(row, name) != getattr(entry, name) for name in ("section", "parent", "description"))


def _counted(entries: list[Entry], total: int, report: Progress | None) -> Iterator[Entry]:
    for done, entry in enumerate(entries, 1):
        yield entry
        if report is not None and done % 500 == 0:
            report(done, total)
