"""Weighs how the moments of a file are written: all of them are read in every format there is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from strongroom.systems.forecasting.imports.survey.findings import Finding, Option
from strongroom.systems.forecasting.imports.wording.moments import COUNTED, DateFormat, read_moment, readable_as
from strongroom.systems.forecasting.rules.quality import as_moment, find_spacing

_KEPT_MAX = 1000
_TWINS = (DateFormat.DAY_FIRST, DateFormat.MONTH_FIRST)


@dataclass(slots=True)
class DateEvidence:
    """Counts of cells by the formats they can be read in; native: those the file itself has as dates."""

    native: int = 0
    counts: Counter[frozenset[DateFormat]] = field(default_factory=Counter)
    first: dict[frozenset[DateFormat], tuple[int, str]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    differing: int = 0

    def add(self, line: int, cell: object) -> None:
        """Take in one cell that is not empty."""
        if not isinstance(cell, str | int | float):
            self.native += 1
            return
        text = str(cell).strip()
        forms = _quickly(text) or readable_as(text)
        self.counts[forms] += 1
        self.first.setdefault(forms, (line, text[:40]))
        if len(self.kept) < _KEPT_MAX:
            self.kept.append(text)
        if forms.issuperset(_TWINS) and not self.differing:
            self.differing += read_moment(text, _TWINS[0]) != read_moment(text, _TWINS[1])

    def decide(self) -> Finding:
        """The format, or the question."""
        texts = self.counts.total()
        if not texts:
            return Finding("date_format", DateFormat.YEAR_FIRST.value, f"the file has {self.native:,} dates as such")
        readable = Counter({form: self._readable(form) for form in DateFormat})
        plain = [form for form in DateFormat if form not in COUNTED and readable[form]]
        if not plain:
            counted = [form for form in COUNTED if readable[form]]
            evidence = "the dates are numbers" if counted else "no date can be read"
            return Finding("date_format", None, evidence, self._options(counted))
        most = max(readable[form] for form in plain)
        leaders = [form for form in plain if readable[form] == most]
        insisting = {form: readable[form] - self._readable(*_TWINS) for form in _TWINS}
        if all(insisting.values()):
            evidence = f"the file contradicts itself: {self._example(_TWINS[0])}, {self._example(_TWINS[1])}"
            return Finding("date_format", None, evidence, self._options(_TWINS))
        if leaders == list(_TWINS) and self.differing:
            evidence = f"each of {most:,} dates can be read with the day first and with the month first"
            return Finding("date_format", None, evidence, self._options(_TWINS))
        chosen = leaders[0]
        evidence = f"{most:,} of {texts:,} dates are written so"
        if chosen in _TWINS and self.differing:
            evidence += f"; {insisting[chosen]:,} of them cannot be read otherwise: {self._example(chosen)}"
        return Finding("date_format", chosen.value, evidence, self._options([chosen]))

    def _readable(self, *forms: DateFormat) -> int:
        return sum(count for found, count in self.counts.items() if found.issuperset(forms))

    def _example(self, form: DateFormat) -> str:
        """A cell that only this one of the twins can read."""
        other = next(twin for twin in _TWINS if twin is not form)
        line, text = next(at for found, at in self.first.items() if form in found and other not in found)
        return f"line {line} is {text}"

    def _options(self, forms: tuple[DateFormat, ...] | list[DateFormat]) -> list[Option]:
        return [self._option(form) for form in forms]

    def _option(self, form: DateFormat) -> Option:
        read = []
        for text in self.kept:
            try:
                read.append((text, read_moment(text, form)))
            except ValueError:
                continue
        moments = sorted({moment for _, moment in read})
        spacing = find_spacing(moments)
        between = f", from {_shown(moments[0])} to {_shown(moments[-1])}" if moments else ""
        evidence = f"reads {self._readable(form):,} dates{between}{f', {spacing.words}' if spacing else ''}"
        return Option(form.value, evidence, [f"{text} → {_shown(moment)}" for text, moment in read[:3]])


def _quickly(text: str) -> frozenset[DateFormat] | None:
    """For 31/01/2024, of which there may be a million: the formats without a trial of each."""
    if len(text) != 10 or text[2] not in "/.-" or text[5] != text[2]:
        return None
    digits = text[:2] + text[3:5] + text[6:]
    if not (digits.isascii() and digits.isdigit()):
        return None
    first, second = int(text[:2]), int(text[3:5])
    if 1 <= first <= 12 < second <= 28:
        return _MONTH_FIRST
    if 1 <= second <= 12 < first <= 28:
        return _DAY_FIRST
    return None


_DAY_FIRST, _MONTH_FIRST = frozenset({DateFormat.DAY_FIRST}), frozenset({DateFormat.MONTH_FIRST})


def _shown(moment: int) -> str:
    text = as_moment(moment).isoformat(" ", "seconds").removesuffix("+00:00")
    return text.removesuffix(" 00:00:00")
