"""What whoever sends a file confirms: how it is to be read, and what is done to its series before they are stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, TypeVar

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.files import DecimalMark
from strongroom.systems.forecasting.imports.wording.headings import Role
from strongroom.systems.forecasting.imports.wording.moments import DateFormat
from strongroom.systems.forecasting.rules import CategoryEnum
from strongroom.systems.forecasting.rules.treatments import BadRowsEnum, DuplicatesEnum, MissingEnum, OutliersEnum

EnumT = TypeVar("EnumT", bound=Enum)

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_MARKS = {"point": ".", "comma": ","}
_WINDOW_MAX = 1001


@dataclass(frozen=True, slots=True)
class Choices:
    """None: not told. What the file itself leaves open has to be told before anything is stored.

    accept_detected: what the file shows without doubt needs no confirmation.
    encoding, delimiter: of CSV. sheet: of a workbook. columns: what each column is for, by its heading; others are
    left out. category: what a `value` column holds. categories: what words of a category column mean.
    outlier_limit: interquartile ranges for iqr, standard deviations for zscore. fill_gaps: periods without a row are
    missing values. flip_expenses: the file has expenses as negative amounts. rolling_window: an odd number of values
    whose mean takes the place of the middle one. normalise: the values of each category become 0 to 1.
    metadata: of every point, such as {"currency": "EUR", "budget": true}.
    """

    accept_detected: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    columns: Mapping[str, Role] | None = None
    category: CategoryEnum | None = None
    categories: Mapping[str, CategoryEnum] = field(default_factory=dict)
    date_format: DateFormat | None = None
    decimal_mark: DecimalMark | None = None
    bad_rows: BadRowsEnum = BadRowsEnum.REFUSE
    duplicates: DuplicatesEnum | None = None
    missing: MissingEnum | None = None
    outliers: OutliersEnum = OutliersEnum.KEEP
    outlier_limit: Decimal | None = None
    fill_gaps: bool = False
    flip_expenses: bool | None = None
    rolling_window: int | None = None
    normalise: bool = False
    metadata: Mapping[str, str | bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.outlier_limit is not None and not (self.outlier_limit.is_finite() and self.outlier_limit > 0):
            raise InvalidValue(field="outlier_limit", reason="must be above 0")
        if self.rolling_window is not None and not (1 < self.rolling_window <= _WINDOW_MAX and self.rolling_window % 2):
            raise InvalidValue(field="rolling_window", reason=f"must be an odd number from 3 to {_WINDOW_MAX}")

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it; what was not told is left out."""
        document = {item.name: _plain(getattr(self, item.name)) for item in fields(self)}
        return {name: value for name, value in document.items() if value not in (None, {}, False)}

    @property
    def key(self) -> str:
        """The same text for the same choices."""
        return json.dumps(self.to_dict(), sort_keys=True)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Choices:
        """What `to_dict` gave, or somebody wrote like it. Raises InvalidValue, which names the field."""
        if unknown := sorted(set(document) - {item.name for item in fields(cls)}):
            raise InvalidValue(field=unknown[0], reason="is no choice there is")
        given = {name: value for name, value in document.items() if value is not None}
        readers: dict[str, Callable[[str, Any], Any]] = {
            **dict.fromkeys(("accept_detected", "fill_gaps", "flip_expenses", "normalise"), _truth),
            **dict.fromkeys(("encoding", "sheet"), _text),
            "delimiter": lambda name, value: _DELIMITERS.get(value, value) if _text(name, value) else value,
            "columns": lambda name, value: _words(name, value, Role),
            "category": lambda name, value: _word(name, value, CategoryEnum),
            "categories": lambda name, value: _words(name, value, CategoryEnum),
            "date_format": lambda name, value: _word(name, value, DateFormat),
            "decimal_mark": lambda name, value: _word(name, _MARKS.get(str(value), value), DecimalMark),
            "bad_rows": lambda name, value: _word(name, value, BadRowsEnum),
            "duplicates": lambda name, value: _word(name, value, DuplicatesEnum),
            "missing": lambda name, value: _word(name, value, MissingEnum),
            "outliers": lambda name, value: _word(name, value, OutliersEnum),
            "outlier_limit": _decimal,
            "rolling_window": _whole,
            "metadata": _metadata,
        }
        return cls(**{name: readers[name](name, value) for name, value in given.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return str(value) if isinstance(value, Decimal) else value


def _word(name: str, value: Any, kind: type[EnumT]) -> EnumT:
    try:
        return kind(value)
    except ValueError:
        reason = f"must be one of {', '.join(str(item.value) for item in kind)}"
        raise InvalidValue(field=name, reason=reason) from None


def _words(name: str, value: Any, kind: type[EnumT]) -> dict[str, EnumT]:
    return {_text(name, key): _word(f"{name}.{key}", item, kind) for key, item in _mapping(name, value).items()}


def _metadata(name: str, value: Any) -> dict[str, str | bool]:
    document = _mapping(name, value)
    if not all(isinstance(item, str | bool) for item in document.values()) or len(document) > 20:
        raise InvalidValue(field=name, reason="must hold at most 20 texts or truth values")
    return {_text(name, key): item for key, item in document.items()}


def _mapping(name: str, value: Any) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise InvalidValue(field=name, reason="must be an object")
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 500:
        raise InvalidValue(field=name, reason="must be a text of 1 to 500 letters")
    return value


def _truth(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidValue(field=name, reason="must be true or false")
    return value


def _whole(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidValue(field=name, reason="must be a whole number")
    return value


def _decimal(name: str, value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise InvalidValue(field=name, reason="must be a number") from None
