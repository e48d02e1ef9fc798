"""Makes of what was read what is stored: what is twice, missing or far off is treated as was told, and counted."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import groupby, islice

from strongroom.systems.forecasting.imports.choices import Choices
from strongroom.systems.forecasting.imports.reading import RawSeries
from strongroom.systems.forecasting.imports.wording.amounts import SCALE
from strongroom.systems.forecasting.rules import CategoryEnum
from strongroom.systems.forecasting.rules.calendars import Calendar
from strongroom.systems.forecasting.rules.quality import as_moment, find_gaps, find_spacing
from strongroom.systems.forecasting.rules.treatments import (
    DuplicatesEnum,
    MissingEnum,
    OutliersEnum,
    fill,
    merge,
    normalise,
    smooth,
)
from strongroom.systems.forecasting.services.outliers import find_outliers

NO_NOTE = -1
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one series. read: values in the file; duplicates: beyond the first of their moment; stored: what is left.

    missing: cells without a value; gaps: periods without a row; outliers: values taken for missing; filled: missing
    ones that got a value; dropped: those that did not.
    """

    read: int
    duplicates: int
    missing: int
    gaps: int
    outliers: int
    filled: int
    dropped: int
    stored: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a series is like before anything is done to it. The first few of each kind are named."""

    first: str
    last: str
    spacing: Calendar | None
    negative: int
    duplicate_lines: tuple[tuple[str, tuple[int, ...]], ...]
    missing_lines: tuple[int, ...]
    gap_moments: tuple[str, ...]


@dataclass(slots=True)
class Series:
    """The points of one category as they will be stored, oldest first. notes: NO_NOTE where a point has none."""

    category: CategoryEnum
    moments: array[int]
    values: list[int | None]
    notes: array[int]
    counts: Counts
    facts: Facts


def treat(raw: RawSeries, choices: Choices) -> Series:
    """The series as it will be stored with these choices; where one is open, as if the mildest had been made.

    What was read is used up: there may be a million points, of which nobody needs two copies.
    """
    read = len(raw.values) - raw.values.count(None)
    once, duplicates, twice = _once(_in_order(raw), choices.duplicates or DuplicatesEnum.KEEP_FIRST)
    spacing = find_spacing(once.moments)
    gaps = find_gaps(once.moments, spacing) if spacing else []
    missing = once.values.count(None)
    holes = (line for line, value in zip(once.lines, once.values, strict=True) if value is None)
    facts = Facts(
        first=as_moment(once.moments[0]).isoformat(),
        last=as_moment(once.moments[-1]).isoformat(),
        spacing=spacing,
        negative=sum(value is not None and value < 0 for value in once.values),
        duplicate_lines=tuple(twice),
        missing_lines=tuple(islice(holes, _SHOWN)),
        gap_moments=tuple(gap.isoformat() for gap in gaps[:_SHOWN]),
    )
    outliers = _take_out_outliers(once.values, choices)
    if choices.fill_gaps and gaps:
        _insert(once, [int(gap.timestamp()) * 1_000_000 for gap in gaps])
    wanted = once.values.count(None)
    if wanted:
        once.values = fill(once.moments, once.values, choices.missing or MissingEnum.DROP)
    dropped = once.values.count(None)
    if dropped:
        _drop_missing(once)
    once.values = _transformed(raw.category, [value for value in once.values if value is not None], choices)
    counts = Counts(
        read=read,
        duplicates=duplicates,
        missing=missing,
        gaps=len(gaps),
        outliers=outliers,
        filled=wanted - dropped,
        dropped=dropped,
        stored=len(once.values),
    )
    return Series(raw.category, once.moments, once.values, once.notes, counts, facts)


def _take_out_outliers(values: list[int | None], choices: Choices) -> int:
    """Put None where a value lies too far from the others. How many there were."""
    if choices.outliers is OutliersEnum.KEEP:
        return 0
    known = [index for index, value in enumerate(values) if value is not None]
    numbers = [value for value in values if value is not None]
    positions = find_outliers(numbers, choices.outliers, choices.outlier_limit)
    for position in positions:
        values[known[position]] = None
    return len(positions)


def _drop_missing(series: RawSeries) -> None:
    kept = array("Q", (index for index, value in enumerate(series.values) if value is not None))
    series.moments = array("q", (series.moments[index] for index in kept))
    series.notes = array("q", (series.notes[index] for index in kept))
    series.values = [series.values[index] for index in kept]


def _transformed(category: CategoryEnum, values: list[int], choices: Choices) -> list[int | None]:
    if choices.flip_expenses and category is CategoryEnum.EXPENSE:
        values = [-value for value in values]
    if choices.rolling_window and values:
        values = smooth(values, choices.rolling_window)
    if choices.normalise and values:
        values = normalise(values, SCALE)
    return list(values)


def _in_order(raw: RawSeries) -> RawSeries:
    """The same points, oldest first, those of one moment as in the file."""
    moments = raw.moments
    notes = raw.notes or array("q", [NO_NOTE]) * len(moments)
    if all(moments[index] <= moments[index + 1] for index in range(len(moments) - 1)):
        return RawSeries(raw.category, moments, raw.values, raw.lines, notes)
    order = sorted(range(len(moments)), key=moments.__getitem__)
    return RawSeries(
        raw.category,
        array("q", (moments[index] for index in order)),
        [raw.values[index] for index in order],
        array("L", (raw.lines[index] for index in order)),
        array("q", (notes[index] for index in order)),
    )


def _once(raw: RawSeries, treatment: DuplicatesEnum) -> tuple[RawSeries, int, list[tuple[str, tuple[int, ...]]]]:
    """Every moment once; how many points were beyond the first of theirs; the first of such moments, with lines."""
    moments = raw.moments
    if all(moments[index] < moments[index + 1] for index in range(len(moments) - 1)):
        return raw, 0, []
    once = RawSeries(raw.category)
    twice: list[tuple[str, tuple[int, ...]]] = []
    for moment, group in groupby(range(len(moments)), key=moments.__getitem__):
        indexes = list(group)
        last = indexes[-1] if treatment is DuplicatesEnum.KEEP_LAST else indexes[0]
        notes = {raw.notes[index] for index in indexes}
        is_merged = treatment in (DuplicatesEnum.SUM, DuplicatesEnum.MEAN) and len(notes) > 1
        once.moments.append(moment)
        once.values.append(merge([raw.values[index] for index in indexes], treatment))
        once.lines.append(raw.lines[last])
        once.notes.append(raw.notes[last])
        if is_merged:  # what is said of one of them is not true of their sum
            once.notes[-1] = NO_NOTE
        if len(indexes) > 1 and len(twice) < _SHOWN:
            lines = tuple(raw.lines[index] for index in indexes[:_SHOWN])
            twice.append((as_moment(moment).isoformat(), lines))
    return once, len(moments) - len(once.moments), twice


def _insert(series: RawSeries, gaps: list[int]) -> None:
    """Put missing values where nothing was."""
    together = sorted(
        [
            *zip(series.moments, series.values, series.notes, strict=True),
            *((gap, None, NO_NOTE) for gap in gaps),
        ],
        key=lambda point: point[0],
    )
    series.moments = array("q", (moment for moment, _, _ in together))
    series.values = [value for _, value, _ in together]
    series.notes = array("q", (note for _, _, note in together))
