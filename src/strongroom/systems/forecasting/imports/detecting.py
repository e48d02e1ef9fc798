"""What a file holds and how it would be read, shown before anything is stored; and the file as it will be stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from strongroom.systems.forecasting.errors import UploadNotConfirmed
from strongroom.systems.forecasting.imports.choices import Choices
from strongroom.systems.forecasting.imports.prepared import Prepared, notices_of
from strongroom.systems.forecasting.imports.problems import RowProblem
from strongroom.systems.forecasting.imports.progress import Progress, silent
from strongroom.systems.forecasting.imports.reading import Reading, read_series
from strongroom.systems.forecasting.imports.sources import Cell, SheetsToChoose, Source, naming, open_source, opened
from strongroom.systems.forecasting.imports.survey import Finding, Option, Survey, survey
from strongroom.systems.forecasting.imports.treating import Series, treat
from strongroom.systems.forecasting.imports.treatments import open_treatments, treatment_findings

#: found out by proof, or the only one there is
_CERTAIN = ("encoding", "delimiter", "sheet")
_BEGINNING_ROWS = 5
_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Detected:
    """A file, looked at. choices: to be sent back, when they are right; findings: what they come from, and questions.

    beginning: the first rows. problems: the first rows that cannot be read, of problem_rows. series, score and notices
    are there once nothing about the reading is open.
    """

    name: str
    kind: str
    columns: Sequence[str]
    beginning: Sequence[Sequence[str]]
    choices: Choices
    findings: Sequence[Finding]
    rows: int = 0
    problem_rows: int = 0
    problems: Sequence[RowProblem] = ()
    series: Sequence[Series] = ()
    score: Decimal | None = None
    notices: Sequence[str] = ()

    @property
    def questions(self) -> list[str]:
        """What has to be told before the file can be stored."""
        return [finding.question for finding in self.findings if finding.is_open]

    def to_dict(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "name": self.name,
            "kind": self.kind,
            "columns": list(self.columns),
            "beginning": [list(row) for row in self.beginning],
            "choices": self.choices.to_dict(),
            "findings": [finding.to_dict() for finding in self.findings],
            "questions": self.questions,
            "rows": self.rows,
            "problem_rows": self.problem_rows,
            "problems": [problem.to_dict() for problem in self.problems],
            "series": [
                {
                    "category": one.category.value,
                    "first": one.facts.first,
                    "last": one.facts.last,
                    "spacing": one.facts.spacing.words if one.facts.spacing else None,
                    "gaps_first": list(one.facts.gap_moments),
                    "duplicates_first": [
                        {"moment": at, "lines": list(lines)} for at, lines in one.facts.duplicate_lines
                    ],
                    "missing_lines_first": list(one.facts.missing_lines),
                    **asdict(one.counts),
                }
                for one in self.series
            ],
            "quality_score": None if self.score is None else str(self.score),
            "notices": list(self.notices),
        }


def detect_file(
    file: Path | BinaryIO,
    name: str,
    choices: Choices = Choices(),  # noqa: B008 - frozen
    progress: Progress = silent,
) -> Detected:
    """Look at a whole file and say how it would be read, what is wrong with it, and what has to be told.

    file: a path, or a binary file that can be sought in. name: as it was sent. choices: what is known already.
    Raises UploadUnreadable.
    """
    with naming(name), opened(file) as stream:
        try:
            source = _open(stream, name, choices)
        except SheetsToChoose as error:
            question = Finding("sheet", None, error.reason, [Option(sheet) for sheet in error.sheets])
            return Detected(name, "xlsx", (), (), choices, (question,))
        beginning = [[_shown(cell) for cell in row.cells] for row in islice(source.rows(), _BEGINNING_ROWS)]
        found = survey(source, choices, progress)
        seen = Detected(name, source.kind, source.columns, beginning, found.choices, found.findings)
        if found.is_open:
            return seen
        reading = read_series(source, found.choices, progress)
    series = _treated(reading, found.choices)
    return replace(
        seen,
        findings=(*found.findings, *treatment_findings(reading, series, found.choices)),
        rows=reading.rows,
        problem_rows=reading.problems.rows,
        problems=reading.problems.named,
        series=series,
        score=Prepared(name, "", source.kind, source.columns, found.choices, reading, series, ()).score,
        notices=tuple(notices_of(reading, series, found.choices)),
    )


def prepare_file(file: Path | BinaryIO, name: str, choices: Choices, progress: Progress = silent) -> Prepared:
    """Read and treat a whole file as it was confirmed; nothing is stored yet. Rows with problems are in the result.

    choices: those of `detect_file`, put right; or some with `accept_detected`. Raises UploadUnreadable, and
    UploadNotConfirmed with the questions.
    """
    with naming(name), opened(file) as stream:
        try:
            source = _open(stream, name, choices)
        except SheetsToChoose as error:
            raise _not_confirmed(name, [f"sheet: {error.reason}; {error.fix}"]) from None
        found = survey(source, choices, progress)
        if questions := list(_unconfirmed(found, choices)):
            raise _not_confirmed(name, questions)
        reading = read_series(source, found.choices, progress)
        digest = digest_of(stream)
    series = _treated(reading, found.choices)
    if questions := [finding.question for finding in open_treatments(reading, series, found.choices)]:
        raise _not_confirmed(name, questions)
    notices = tuple(notices_of(reading, series, found.choices))
    confirmed = replace(found.choices, accept_detected=False)
    return Prepared(name, digest, source.kind, source.columns, confirmed, reading, series, notices)


def digest_of(file: Path | BinaryIO) -> str:
    """SHA-256 of the file's bytes, hexadecimal."""
    digest = hashlib.sha256()
    with opened(file) as stream:
        stream.seek(0)
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _open(stream: BinaryIO, name: str, choices: Choices) -> Source:
    return open_source(stream, name, encoding=choices.encoding, delimiter=choices.delimiter, sheet=choices.sheet)


def _unconfirmed(found: Survey, told: Choices) -> Iterator[str]:
    """What is open; and what was found without doubt, as long as nobody said that it is right."""
    for finding in found.findings:
        is_told = finding.subject in _CERTAIN or getattr(told, finding.subject) is not None
        if finding.is_open or not (told.accept_detected or is_told):
            yield finding.question if finding.is_open else f"{finding.subject}: is it {finding.choice}?"


def _treated(reading: Reading, choices: Choices) -> list[Series]:
    # each is let go of as soon as it was treated
    return [treat(reading.series.pop(category), choices) for category in list(reading.series)]


def _not_confirmed(name: str, questions: Sequence[str]) -> UploadNotConfirmed:
    return UploadNotConfirmed(file=name, questions="; ".join(questions), open=tuple(questions))


def _shown(cell: Cell) -> str:
    return "" if cell is None else str(cell)[:60]
