"""Sorts out headings: which are understood, which are there twice, missing, or nearly what they should be."""

from __future__ import annotations

from collections.abc import Sequence

from strongroom.systems.portfolio.imports.layouts.tables import Series, Table
from strongroom.systems.portfolio.imports.opening.grids import Cell, Grid
from strongroom.systems.portfolio.imports.problems import Problem, problem_at
from strongroom.systems.portfolio.imports.wording.headings import (
    FIGURES,
    KINDS_OF_FIGURES,
    OPTIONAL,
    Field,
    find_field,
    find_similar,
)


def sort_headings(grid: Grid, cells: Sequence[Cell], *, by_row: bool) -> Table:
    """A table without entries. cells: headings above the columns (by_row), or labels before the lines."""
    table = Table(grid, not by_row, {}, {})
    unknown: list[Cell] = []
    for cell in cells:
        heading = find_field(cell.value)
        if heading is None:
            unknown.append(cell)
            continue
        target = table.series if heading.field in KINDS_OF_FIGURES else table.headers
        series = Series(heading, cell.text, cell.column if by_row else cell.row)
        if (first := target.setdefault(heading.field, series)) is not series:
            reason = f"means the same as {first.header!r}: {heading.field.label}"
            table.problems.append(_problem(grid, cell, reason, "keep one of them, or say in it what is different"))
    for cell in unknown:
        similar = find_similar(cell.value)
        if similar is None or similar in table.series or similar in table.headers or _is_replaced(similar, table):
            table.notices.append(f"{grid.name}: {cell.text!r} is not read")
        else:
            is_qualified = find_field(cell.text.split("(")[0]) is not None
            reason = "is qualified in a way that is not understood" if is_qualified else "is not understood"
            table.problems.append(_problem(grid, cell, reason, f"if it means {similar.label!r}, call it that"))
    return table


def missing_problems(table: Table, row: int) -> list[Problem]:
    """A problem for each figure that every company has to send and for which there is no column or line."""
    named = {problem.fix for problem in table.problems}
    kind = "line" if table.is_transposed else "column"
    return [
        problem_at(table.name, f"there is no {kind} for {field.label}", f"add a {kind} called {field.label!r}", row=row)
        for field in FIGURES
        if field not in OPTIONAL
        and field not in table.series
        and not _is_replaced(field, table)
        and f"if it means {field.label!r}, call it that" not in named
    ]


def _is_replaced(field: Field, table: Table) -> bool:
    pair = {Field.RECURRING_REVENUE, Field.RECURRING_SHARE}
    return field in pair and not pair.isdisjoint(table.series)


def _problem(grid: Grid, cell: Cell, reason: str, fix: str) -> Problem:
    return problem_at(grid.name, reason, fix, row=cell.row, column=cell.column, value=cell.text)
