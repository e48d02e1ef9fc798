"""Offers what can be done about what is twice, missing or far off: each way with what would come of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from strongroom.systems.forecasting.imports.choices import Choices
from strongroom.systems.forecasting.imports.reading import Reading
from strongroom.systems.forecasting.imports.survey import Finding, Option
from strongroom.systems.forecasting.imports.treating import Series
from strongroom.systems.forecasting.rules import CategoryEnum
from strongroom.systems.forecasting.rules.treatments import BadRowsEnum, DuplicatesEnum, MissingEnum, OutliersEnum
from strongroom.systems.forecasting.services.outliers import find_outliers


def treatment_findings(reading: Reading, series: Sequence[Series], choices: Choices) -> Iterator[Finding]:
    """Everything that can be done to these series, chosen or not."""
    yield from open_treatments(reading, series, choices)
    if reading.problems.rows:
        bad, rows = reading.problems.rows, reading.rows
        options = [
            Option(BadRowsEnum.REFUSE.value, "nothing is stored until they are put right"),
            Option(BadRowsEnum.SKIP.value, f"{rows:,} rows become {rows - bad:,}"),
        ]
        yield Finding("bad_rows", choices.bad_rows.value, f"{bad:,} of {rows:,} rows cannot be read", options)
    if choices.duplicates is not None and any(one.counts.duplicates for one in series):
        yield Finding("duplicates", choices.duplicates.value, _twice(series))
    if choices.missing is not None and any(one.counts.missing for one in series):
        yield Finding("missing", choices.missing.value, _missing(series))
    offered = list(_outliers(series))
    yield Finding("outliers", choices.outliers.value, "are stored as they are unless told otherwise", offered)


def open_treatments(reading: Reading, series: Sequence[Series], choices: Choices) -> Iterator[Finding]:
    """What has to be told before these series can be stored."""
    if choices.duplicates is None and (count := sum(one.counts.duplicates for one in series)):
        moments = f"{count:,} values become none"
        options = [
            Option(DuplicatesEnum.KEEP_FIRST.value, f"{moments}: the first of a moment stays"),
            Option(DuplicatesEnum.KEEP_LAST.value, f"{moments}: the last of a moment stays"),
            Option(DuplicatesEnum.SUM.value, f"{moments}: those of a moment are added up"),
            Option(DuplicatesEnum.MEAN.value, f"{moments}: those of a moment become their mean"),
        ]
        yield Finding("duplicates", None, _twice(series), options)
    if choices.missing is None and (count := sum(one.counts.missing for one in series)):
        there = sum(one.counts.read - one.counts.duplicates for one in series)
        stay, become = f"{there:,} values stay", f"{there:,} values become {there + count:,}"
        options = [Option(kind.value, stay if kind is MissingEnum.DROP else become) for kind in MissingEnum]
        yield Finding("missing", None, _missing(series), options)
    expenses = next((one for one in series if one.category is CategoryEnum.EXPENSE), None)
    if choices.flip_expenses is None and expenses is not None and expenses.facts.negative * 2 > expenses.counts.read:
        share = f"{expenses.facts.negative:,} of {expenses.counts.read:,} expenses"
        evidence = f"{share} are negative; expenses are kept as positive amounts"
        options = [Option("true", "all signs of expenses are turned round"), Option("false", "they stay as they are")]
        yield Finding("flip_expenses", None, evidence, options)


def _outliers(series: Sequence[Series]) -> Iterator[Option]:
    """What each method would find in the values as they are now."""
    values = [[value for value in one.values if value is not None] for one in series]
    there = sum(map(len, values))
    for method in (OutliersEnum.IQR, OutliersEnum.ZSCORE):
        found = sum(len(find_outliers(numbers, method)) for numbers in values)
        yield Option(method.value, f"{found:,} of {there:,} values would be taken for missing")
    yield Option(OutliersEnum.ISOLATION_FOREST.value, "about a tenth of the values would be taken for missing")


def _twice(series: Sequence[Series]) -> str:
    named = [
        f"{one.category.value} {moment} on lines {', '.join(map(str, lines))}"
        for one in series
        for moment, lines in one.facts.duplicate_lines[:3]
    ]
    count = sum(one.counts.duplicates for one in series)
    return f"{count:,} values are of a moment that has one already: {'; '.join(named[:3])}"


def _missing(series: Sequence[Series]) -> str:
    lines = sorted(line for one in series for line in one.facts.missing_lines)[:5]
    count = sum(one.counts.missing for one in series)
    return f"{count:,} values are missing, on lines {', '.join(map(str, lines))}{' …' if count > len(lines) else ''}"
