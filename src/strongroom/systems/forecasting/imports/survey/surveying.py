"""Goes through a whole file once to find out how it is written, before anything of it is believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from strongroom.kernel.files import DecimalMark
from strongroom.systems.forecasting.imports.choices import Choices
from strongroom.systems.forecasting.imports.progress import Progress, counted
from strongroom.systems.forecasting.imports.sources import Source
from strongroom.systems.forecasting.imports.survey.columns import find_columns, told_columns
from strongroom.systems.forecasting.imports.survey.dates import DateEvidence
from strongroom.systems.forecasting.imports.survey.findings import Finding, Option
from strongroom.systems.forecasting.imports.wording.amounts import MarkEvidence, is_missing, read_amount
from strongroom.systems.forecasting.imports.wording.headings import Role
from strongroom.systems.forecasting.imports.wording.moments import DateFormat

_SAMPLE_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Survey:
    """choices: as told, completed by what was found. findings: with every question that is open."""

    choices: Choices
    findings: tuple[Finding, ...]

    @property
    def is_open(self) -> bool:
        """Whether something has to be told before the file can be read."""
        return any(finding.is_open for finding in self.findings)


def survey(source: Source, choices: Choices, progress: Progress) -> Survey:
    """How the file is to be read. What was told is taken as it is; all the rest is looked for in every row."""
    facts = source.facts
    findings = [Finding(name, value, "") for name, value in facts.items()]
    found = replace(
        choices,
        encoding=facts.get("encoding"),
        delimiter=facts.get("delimiter"),
        sheet=facts.get("sheet"),
    )
    if choices.columns is not None:
        questions = list(told_columns(source.columns, choices.columns, choices.category))
    else:
        roles, questions = find_columns(source.columns, list(islice(source.rows(), _SAMPLE_ROWS)), choices)
        found = replace(found, columns=roles)
    findings += questions or [_columns_finding(source, found)]
    if not questions and (choices.date_format is None or choices.decimal_mark is None):
        dates, marks = _evidence(source, found, progress)
        if choices.date_format is None:
            findings.append(date := dates.decide())
            found = replace(found, date_format=DateFormat(date.choice) if date.choice else None)
        if choices.decimal_mark is None:
            findings.append(_mark_finding(marks))
            found = replace(found, decimal_mark=marks.decide())
    return Survey(found, tuple(findings))


def _evidence(source: Source, choices: Choices, progress: Progress) -> tuple[DateEvidence, MarkEvidence]:
    dates, marks = DateEvidence(), MarkEvidence()
    roles = {name.casefold(): role for name, role in (choices.columns or {}).items()}
    placed = [(index, roles.get(name.casefold())) for index, name in enumerate(source.columns)]
    at = next(index for index, role in placed if role is Role.TIMESTAMP)
    values = [index for index, role in placed if role and (role is Role.VALUE or role.category)]
    for line, cells in counted(source.rows(), progress, "surveying"):
        count = len(cells)
        if at < count and not is_missing(cell := cells[at]):
            dates.add(line, cell)
        for index in values:
            if index < count:
                marks.add(line, cells[index])
    return dates, marks


def _columns_finding(source: Source, choices: Choices) -> Finding:
    roles = choices.columns or {}
    shown = "; ".join(f"{name}: {role.value}" for name, role in roles.items() if role is not Role.IGNORE)
    told = {name.casefold() for name, role in roles.items() if role is not Role.IGNORE}
    left_out = [name for name in source.columns if name.casefold() not in told]
    return Finding("columns", shown, f"left out: {', '.join(left_out)}" if left_out else "all columns are read")


def _mark_finding(marks: MarkEvidence) -> Finding:
    choice = marks.decide()
    counts = {mark: marks.counts[mark] for mark in DecimalMark if marks.counts[mark]}
    if choice is not None:
        number = counts.get(choice, 0)
        evidence = f"{number:,} numbers can be read in no other way" if number else "no number has decimals or groups"
        return Finding("decimal_mark", choice.value, evidence, _mark_options(marks, (choice,)))
    if counts:
        first = {mark: marks.examples[mark][0] for mark in counts}
        contradiction = ", ".join(f"line {line} is {text}" for line, text in first.values())
        evidence = f"the file contradicts itself: {contradiction}"
    else:
        line, text = marks.unsure[0]
        evidence = f"{marks.unsure_count:,} numbers can be read in two ways, the first is {text} on line {line}"
    return Finding("decimal_mark", None, evidence, _mark_options(marks, tuple(DecimalMark)))


def _mark_options(marks: MarkEvidence, chosen: tuple[DecimalMark, ...]) -> list[Option]:
    return [
        Option(mark.value, f"{marks.counts[mark]:,} numbers insist on it", list(_as_read(marks, mark)))
        for mark in chosen
    ]


def _as_read(marks: MarkEvidence, mark: DecimalMark) -> Iterator[str]:
    for _, text in (marks.examples[mark] or marks.unsure)[:3]:
        try:
            yield f"{text} → {read_amount(text, mark).value / 10_000:,.4f}".rstrip("0").rstrip(".")
        except ValueError:
            continue
