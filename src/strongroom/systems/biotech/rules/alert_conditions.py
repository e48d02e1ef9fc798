"""When an alert goes off: conditions as documents, read into one of three kinds of decision.

    {"threshold": 80, "operator": ">=", "metric": "total_score"}            the score crosses a line
    {"change": 10, "period": "30d", "direction": "increase"}                the score moves within a time
    {"signal_types": ["fda_approval"], "severity": "high"}                  a signal arrives

Each may be narrowed by `tickers` (also `companies`) and `therapeutic_areas`. A condition with a word that is not
known is refused rather than read as something wider.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.biotech.rules.enums import AlertType, Component, Severity, TherapeuticArea

PERIOD_DEFAULT_DAYS = 30
PERIOD_MAX_DAYS = 365
TOTAL = "total_score"
METRICS = (TOTAL, *(f"{component}_score" for component in Component))

#: which kind an alert's type stands for; `custom` may be any of them, told by its words
_THRESHOLD_WORDS = frozenset({"threshold", "score_threshold", "min_ma_score", "operator", "metric", "direction"})
_CHANGE_WORDS = frozenset({"change", "period", "direction"})
_SIGNAL_WORDS = frozenset({"signal_types", "severity"})
_SCOPE_WORDS = frozenset({"tickers", "companies", "therapeutic_areas"})

_COMPARE: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq}
)
_SIDES = MappingProxyType({"above": ">=", "below": "<="})
_DIRECTIONS = ("increase", "decrease", "any")


@dataclass(frozen=True, slots=True)
class Scope:
    """The companies an alert is about. None: no bound; an area is met by a company that has it among others."""

    tickers: frozenset[str] | None = None
    therapeutic_areas: frozenset[str] | None = None

    def covers(self, ticker: str, areas: Iterable[str]) -> bool:
        """Whether a company with this ticker and these areas is one of them."""
        return (self.tickers is None or ticker in self.tickers) and (
            self.therapeutic_areas is None or not self.therapeutic_areas.isdisjoint(areas)
        )


@dataclass(frozen=True, slots=True)
class Threshold:
    """A line that a score crosses. metric: the column of the score it is drawn on."""

    value: float
    operator: str = ">="
    metric: str = TOTAL
    scope: Scope = Scope()

    def is_beyond(self, score: float) -> bool:
        """Whether the score lies on the side that is asked for."""
        return _COMPARE[self.operator](score, self.value)

    def is_crossed(self, previous: float | None, current: float) -> bool:
        """Whether this score went over the line: it lies beyond, and the one before, if any, did not."""
        return self.is_beyond(current) and (previous is None or not self.is_beyond(previous))


@dataclass(frozen=True, slots=True)
class Change:
    """A move of the total score, in points, within some days."""

    points: float
    days: int = PERIOD_DEFAULT_DAYS
    direction: str = "any"
    scope: Scope = Scope()

    def is_reached(self, moved: float | None) -> bool:
        """Whether this move is as large as asked for, in the direction asked for; None is no move."""
        if moved is None or abs(moved) < self.points:
            return False
        return self.direction == "any" or (moved > 0) == (self.direction == "increase")


@dataclass(frozen=True, slots=True)
class NewSignal:
    """A signal that arrives. types: None for every; severity: this level or above."""

    types: frozenset[str] | None = None
    severity: Severity = Severity.LOW
    scope: Scope = Scope()

    def is_met(self, signal_type: str, severity: str) -> bool:
        """Whether a signal of this type and severity is one to tell about."""
        return (self.types is None or signal_type in self.types) and severity in self.severity.and_above()


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that is told whenever it happens: a change of the watchlist, a report."""

    scope: Scope = Scope()


Condition = Threshold | Change | NewSignal | Occasion


def parse_condition(
    alert_type: AlertType | str,
    document: Mapping[str, Any],
    *,
    threshold_value: Decimal | float | None = None,
    tickers: Iterable[str] | None = None,
    signal_types: Iterable[str] | None = None,
) -> Condition:
    """Read a condition. Raises InvalidValue, which names the word that is wrong.

    threshold_value: takes the place of the document's threshold; tickers, signal_types: the alert's own columns, which
    narrow what the document says.
    """
    words = set(document)
    scope = _scope(document, tickers)
    kind = _kind(AlertType(alert_type), words, threshold_value)
    if unknown := words - _SCOPE_WORDS - _WORDS_OF[kind]:
        raise InvalidValue(field="condition", reason=f"{sorted(unknown)[0]!r} has no meaning for {alert_type}")
    if kind is Threshold:
        return _threshold(document, threshold_value, scope)
    if kind is Change:
        return _change(document, scope)
    if kind is NewSignal:
        return _new_signal(document, signal_types, scope)
    return Occasion(scope)


_WORDS_OF: Mapping[type[Condition], frozenset[str]] = MappingProxyType(
    {Threshold: _THRESHOLD_WORDS, Change: _CHANGE_WORDS, NewSignal: _SIGNAL_WORDS, Occasion: frozenset()}
)
_KIND_OF: Mapping[AlertType, type[Condition]] = MappingProxyType(
    {
        AlertType.SCORE_THRESHOLD: Threshold,
        AlertType.SCORE_CHANGE: Change,
        AlertType.NEW_SIGNAL: NewSignal,
        AlertType.WATCHLIST_ADD: Occasion,
        AlertType.WATCHLIST_REMOVE: Occasion,
        AlertType.REPORT_READY: Occasion,
    }
)


def _kind(alert_type: AlertType, words: set[str], threshold_value: Decimal | float | None) -> type[Condition]:
    if alert_type is not AlertType.CUSTOM:
        return _KIND_OF[alert_type]
    if words & {"threshold", "score_threshold", "min_ma_score"} or threshold_value is not None:
        return Threshold
    if "change" in words:
        return Change
    if words & _SIGNAL_WORDS:
        return NewSignal
    raise InvalidValue(field="condition", reason="must have a threshold, a change, or signal types or a severity")


def _threshold(document: Mapping[str, Any], threshold_value: Decimal | float | None, scope: Scope) -> Threshold:
    given = [word for word in ("threshold", "score_threshold", "min_ma_score") if word in document]
    if len(given) > 1:
        raise InvalidValue(field="condition", reason=f"has both {given[0]} and {given[1]}")
    written = _number(document[given[0]], given[0], 0) if given else None
    value = _number(threshold_value, "threshold_value", 0) if threshold_value is not None else written
    side = _one_of(document, "direction", tuple(_SIDES))
    sign = _one_of(document, "operator", tuple(_COMPARE))
    if side is not None and sign is not None and sign[0] != _SIDES[side][0]:
        raise InvalidValue(field="condition", reason=f"operator {sign} and direction {side} contradict each other")
    if value is None:
        raise InvalidValue(field="condition", reason="must have a threshold")
    return Threshold(value, sign or _SIDES[side or "above"], _one_of(document, "metric", METRICS) or TOTAL, scope)


def _change(document: Mapping[str, Any], scope: Scope) -> Change:
    if "change" not in document:
        raise InvalidValue(field="condition", reason="must have a change")
    points = _number(document["change"], "change", 0)
    if points == 0:
        raise InvalidValue(field="condition", reason="change must be more than 0")
    days = _days(document.get("period", f"{PERIOD_DEFAULT_DAYS}d"))
    return Change(points, days, _one_of(document, "direction", _DIRECTIONS) or "any", scope)


def _new_signal(document: Mapping[str, Any], signal_types: Iterable[str] | None, scope: Scope) -> NewSignal:
    types = _narrowed(
        _words(document["signal_types"], "signal_types") if "signal_types" in document else None,
        None if signal_types is None else frozenset(signal_types),
    )
    return NewSignal(types, Severity(_one_of(document, "severity", tuple(Severity)) or Severity.LOW), scope)


def _scope(document: Mapping[str, Any], tickers: Iterable[str] | None) -> Scope:
    named = [_words(document[word], word) for word in ("tickers", "companies") if word in document]
    own = None if tickers is None else frozenset(tickers)
    for written in named:
        own = _narrowed(own, frozenset(word.strip().upper() for word in written))
    areas = _words(document["therapeutic_areas"], "therapeutic_areas") if "therapeutic_areas" in document else None
    if areas is not None and (unknown := areas - set(TherapeuticArea)):
        raise InvalidValue(field="condition", reason=f"{sorted(unknown)[0]!r} is no therapeutic area")
    return Scope(own, areas)


def _narrowed(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other


def _words(value: object, word: str) -> frozenset[str]:
    if not isinstance(value, list | tuple) or not value or not all(isinstance(entry, str) for entry in value):
        raise InvalidValue(field="condition", reason=f"{word} must be a list of at least one word")
    return frozenset(value)


def _number(value: object, word: str, low: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not math.isfinite(value):
        raise InvalidValue(field="condition", reason=f"{word} must be a number")
    if not low <= value <= 100:
        raise InvalidValue(field="condition", reason=f"{word} must be from {low} to 100")
    return float(value)


def _days(value: object) -> int:
    shape = re.fullmatch("([0-9]{1,3})d", value) if isinstance(value, str) else None
    if shape is None or not 1 <= (days := int(shape[1])) <= PERIOD_MAX_DAYS:
        raise InvalidValue(field="condition", reason=f"period must be 1d to {PERIOD_MAX_DAYS}d")
    return days


def _one_of(document: Mapping[str, Any], word: str, allowed: tuple[str, ...]) -> str | None:
    """The word's value; None when the word is not there."""
    if word not in document:
        return None
    if document[word] not in allowed:
        raise InvalidValue(field="condition", reason=f"{word} must be one of {', '.join(allowed)}")
    return str(document[word])
