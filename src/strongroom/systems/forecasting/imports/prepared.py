"""A file that was read and treated as its sender confirmed: its points, or what keeps them from being stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from strongroom.systems.forecasting.imports.choices import Choices
from strongroom.systems.forecasting.imports.problems import RowProblems
from strongroom.systems.forecasting.imports.reading import Reading
from strongroom.systems.forecasting.imports.treating import NO_NOTE, Series
from strongroom.systems.forecasting.repositories import Point
from strongroom.systems.forecasting.rules.quality import as_moment, quality_score
from strongroom.systems.forecasting.rules.treatments import BadRowsEnum, OutliersEnum


@dataclass(frozen=True, slots=True)
class Prepared:
    """name: of the file; digest: SHA-256 of its bytes, hexadecimal. notices: what whoever sent it should know."""

    name: str
    digest: str
    kind: str
    columns: Sequence[str]
    choices: Choices
    reading: Reading
    series: Sequence[Series]
    notices: Sequence[str]

    @property
    def problems(self) -> RowProblems:
        """The rows that cannot be read."""
        return self.reading.problems

    @property
    def score(self) -> Decimal:
        """Valid rows of a hundred, in percent points."""
        return quality_score(self.reading.valid_rows, self.reading.rows)

    @property
    def count(self) -> int:
        """How many points there are to store."""
        return sum(series.counts.stored for series in self.series)

    @property
    def refusal(self) -> str | None:
        """Why nothing of the file can be stored, in one sentence; None when it can."""
        if self.problems.count and self.choices.bad_rows is BadRowsEnum.REFUSE:
            rows = f"{self.problems.rows:,} of {self.reading.rows:,} rows cannot be read"
            return f"{rows}: {'; '.join(self.problems.sentences())}"
        return None if self.count else "no value is left to store"

    def points(self) -> Iterator[Point]:
        """Every point, by category and oldest first."""
        everywhere = dict(self.choices.metadata)
        if self.reading.currency is not None:
            everywhere.setdefault("currency", self.reading.currency)
        documents = [everywhere | document for document in self.reading.documents]
        for series in self.series:
            for moment, value, note in zip(series.moments, series.values, series.notes, strict=True):
                assert value is not None, "what is missing was filled in or dropped"
                document = everywhere if note == NO_NOTE else documents[note]
                yield Point(as_moment(moment), Decimal(value).scaleb(-4), series.category, document)

    def metadata(self) -> dict[str, Any]:
        """What is kept of the file beside its points."""
        counts = [series.counts for series in self.series]
        return {
            "columns": list(self.columns),
            "schema": {name: role.value for name, role in (self.choices.columns or {}).items()},
            "source": {"kind": self.kind, "sha256": self.digest},
            "rows": self.reading.rows,
            "rows_skipped": self.problems.rows,
            "data_quality_score": str(self.score),
            "missing": sum(one.missing for one in counts),
            "duplicates": sum(one.duplicates for one in counts),
            "gaps": sum(one.gaps for one in counts),
            "outliers_removed": sum(one.outliers for one in counts),
            "preprocessing": self.choices.to_dict(),
            "series": {series.category.value: _as_json(series) for series in self.series},
            "notices": list(self.notices),
        }


def _as_json(series: Series) -> dict[str, Any]:
    return {
        **asdict(series.counts),
        "first": series.facts.first,
        "last": series.facts.last,
        "spacing": series.facts.spacing.period.value if series.facts.spacing else None,
    }


def notices_of(reading: Reading, series: Sequence[Series], choices: Choices) -> Iterator[str]:
    """What is not wrong and yet worth knowing."""
    score = quality_score(reading.valid_rows, reading.rows)
    if reading.problems.rows:
        yield f"{reading.problems.rows:,} of {reading.rows:,} rows cannot be read; quality score {score}"
    if reading.rounded:
        yield f"{reading.rounded:,} values have more than four decimals and are rounded, half to even"
    for one in series:
        name, counts, facts = one.category.value, one.counts, one.facts
        if facts.spacing is None and counts.read > 2:
            yield f"{name}: no period has one value each, so no gaps are looked for"
        if counts.gaps and facts.spacing:
            yield (
                f"{name}: {facts.spacing.words}, and {counts.gaps:,} are not there, the first {facts.gap_moments[0]}"
                f"{'; filled in as missing values' if choices.fill_gaps else ''}"
            )
        if choices.outliers is not OutliersEnum.KEEP:
            yield f"{name}: {counts.outliers:,} of {counts.read:,} values are taken for missing as outliers"
        if counts.filled or counts.dropped:
            yield f"{name}: {counts.read:,} values read, {counts.filled:,} filled in, {counts.dropped:,} left out"
