"""Finds out what each column is for: by its heading, and where that does not say it, by what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from strongroom.kernel.files.numbers import take_apart
from strongroom.systems.forecasting.imports.choices import Choices
from strongroom.systems.forecasting.imports.sources import Cell, Row
from strongroom.systems.forecasting.imports.survey.findings import Finding, Option
from strongroom.systems.forecasting.imports.wording.amounts import is_missing
from strongroom.systems.forecasting.imports.wording.headings import Role, find_category, find_role
from strongroom.systems.forecasting.imports.wording.moments import COUNTED, readable_as
from strongroom.systems.forecasting.rules import CategoryEnum

#: this share of a column has to be what the column is taken for
_SHARE_MIN = 0.9
_EXAMPLES = 3

Roles = dict[str, Role]


def told_columns(columns: Sequence[str], told: Mapping[str, Role], category: CategoryEnum | None) -> Iterator[Finding]:
    """Questions that what was told of the columns leaves open."""
    known = {name.casefold() for name in columns}
    for name in told:
        if name.casefold() not in known:
            yield Finding("columns", None, f"there is no column called {name[:40]}", _named(columns))
    roles = list(told.values())
    if roles.count(Role.TIMESTAMP) != 1:
        yield Finding("columns", None, "one column has to be the timestamp", _named(columns))
    values = [role for role in roles if role is Role.VALUE or role.category]
    if not values or len(values) != len(set(values)):
        yield Finding("columns", None, "one column has to hold the values, or one of each category", _named(columns))
    if roles.count(Role.CATEGORY) > 1 or (Role.CATEGORY in roles and values != [Role.VALUE]):
        yield Finding("columns", None, "beside a column of categories there is one column of values", _named(columns))
    if Role.VALUE in roles and Role.CATEGORY not in roles and category is None:
        yield _no_category()


def find_columns(columns: Sequence[str], sample: Sequence[Row], choices: Choices) -> tuple[Roles, list[Finding]]:
    """What the columns are for, and the questions that stay open."""
    cells = {name: _cells(sample, index) for index, name in enumerate(columns)}
    by_heading = {name: find_role(name) for name in columns}
    timestamp, question = _timestamp(by_heading, cells)
    if timestamp is None:
        return {}, [question]
    roles: Roles = {timestamp: Role.TIMESTAMP}
    roles |= {name: Role.KEEP for name, role in by_heading.items() if role is Role.KEEP}
    rest = [name for name in columns if name not in roles]
    numeric = [name for name in rest if _share(cells[name], _is_amount) >= _SHARE_MIN]
    of_category = {name: role for name, role in by_heading.items() if role and role.category and name in rest}
    if len(of_category) > 1 or (of_category and choices.category is None):
        if len(set(of_category.values())) < len(of_category):
            evidence = "several columns seem to hold the same category; say which is which"
            return roles, [Finding("columns", None, evidence, _with_examples(of_category, cells))]
        return roles | of_category, []
    categories = next((name for name in rest if _holds_categories(name, by_heading, cells, choices)), None)
    if categories is not None:
        roles[categories] = Role.CATEGORY
        numeric = [name for name in numeric if name != categories]
    named = [name for name in rest if by_heading[name] is Role.VALUE and _share(cells[name], _is_amount) > 0]
    values = named or list(of_category) or numeric
    if len(values) != 1:
        evidence = "several columns hold numbers; say which is which" if values else "no column holds numbers"
        return roles, [Finding("columns", None, evidence, _with_examples(values or rest, cells))]
    roles[values[0]] = Role.VALUE
    return roles, [] if categories is not None or choices.category is not None else [_no_category()]


def _timestamp(
    by_heading: Mapping[str, Role | None], cells: Mapping[str, Sequence[Cell]]
) -> tuple[str | None, Finding]:
    """The column of moments, else the question which one it is."""
    named = [name for name, role in by_heading.items() if role is Role.TIMESTAMP]
    for candidates in (named, list(by_heading)):
        readable = [name for name in candidates if _share(cells[name], _is_moment) >= _SHARE_MIN]
        if len(readable) == 1:
            return readable[0], Finding("columns", readable[0], "")
        if readable:
            break
    if len(named) == 1:  # numbers that count from a moment, or dates full of faults: each will be named
        return named[0], Finding("columns", named[0], "")
    evidence = "several columns could hold the dates" if len(named) > 1 or readable else "no column holds dates"
    return None, Finding("columns", None, evidence, _with_examples(readable or named or list(by_heading), cells))


def _holds_categories(
    name: str, by_heading: Mapping[str, Role | None], cells: Mapping[str, Sequence[Cell]], choices: Choices
) -> bool:
    share = _share(cells[name], lambda cell: find_category(str(cell), choices.categories) is not None)
    return share >= _SHARE_MIN or (by_heading[name] is Role.CATEGORY and share > 0)


def _cells(sample: Sequence[Row], index: int) -> list[Cell]:
    found = (row.cells[index] for row in sample if index < len(row.cells))
    return [cell for cell in found if not is_missing(cell)]


def _share(cells: Sequence[Cell], holds: Callable[[Cell], bool]) -> float:
    return sum(map(holds, cells)) / len(cells) if cells else 0.0


def _is_moment(cell: Cell) -> bool:
    return (not isinstance(cell, str | int | float) and cell is not None) or bool(readable_as(cell).difference(COUNTED))


def _is_amount(cell: Cell) -> bool:
    if isinstance(cell, str):
        return take_apart(cell) is not None
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)


def _no_category() -> Finding:
    evidence = "nothing says what the values are"
    return Finding("category", None, evidence, [Option(kind.value) for kind in CategoryEnum])


def _named(columns: Sequence[str]) -> list[Option]:
    return [Option(name) for name in columns]


def _with_examples(names: Mapping[str, Role] | Sequence[str], cells: Mapping[str, Sequence[Cell]]) -> list[Option]:
    return [Option(name, "", [str(cell)[:40] for cell in cells[name][:_EXAMPLES]]) for name in names]
