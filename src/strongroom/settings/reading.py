"""Reads the environment and `.env`, each setting under all of its names, and refuses what it does not know."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dotenv.parser import Original, parse_stream
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from strongroom.kernel.errors import ConfigurationError
from strongroom.settings.database_rules import PARTS
from strongroom.settings.documentation import describe_default, is_secret
from strongroom.settings.model import Settings
from strongroom.settings.names import FIELD_BY_NAME, find_misspelling, is_foreign, names_of
from strongroom.settings.problems import Problem, build_refusal

#: pydantic's kind of error -> what the value must do, where its own words are for programmers
RULE_IN_WORDS = {
    "bool_parsing": "be true or false",
    "int_parsing": "be a whole number",
    "int_from_float": "be a whole number",
    "float_parsing": "be a number",
    "decimal_parsing": "be a number",
}
RULE_PREFIX = re.compile(r"^(Input should|(Value error, )?\w* ?must) ")


def load_settings(env_file: str | Path | None = ".env", environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises one ConfigurationError that lists everything wrong.

    env_file: lines NAME=value, taken literally; need not exist. environment: goes before it; os.environ when None.
    An empty value counts as not set.
    """
    outer = _take("the environment", os.environ if environment is None else environment, strict=False)
    inner = _take_file(Path(env_file)) if env_file is not None else _Taken("no file")
    if "database_url" in outer.values:
        # a URL from outside names the whole database, so the file's parts of another one are not wanted
        for part in PARTS:
            inner.values.pop(part, None)
    problems = [*outer.problems, *inner.problems]
    settings: Settings | None = None
    try:
        # in a mapping, since type checkers do not see the parameters that pydantic-settings adds
        sources: dict[str, Any] = {"_build_sources": ((_Source(outer), _Source(inner)), {})}
        settings = Settings(**sources)
    except ValidationError as error:
        problems += _find_bad_values(error, {**inner.names, **outer.names})
    except ConfigurationError as error:
        problems += error.facts["problems"]
    if problems or settings is None:
        # raised out here, so that the error carries no context in which a secret could be printed
        raise build_refusal(problems)
    return settings


@dataclass(slots=True)
class _Taken:
    """What one place sets: raw values and the names used, both by field name."""

    place: str
    values: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class _Source(PydanticBaseSettingsSource):
    """Hands over what was taken; pydantic-settings lets an earlier source win over a later one."""

    def __init__(self, taken: _Taken) -> None:
        super().__init__(Settings)
        self.values = taken.values

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self.values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        return dict(self.values)


def _take(place: str, surroundings: Mapping[str, str], *, strict: bool) -> _Taken:
    taken = _Taken(place)
    for name, value in surroundings.items():
        if not value.strip() or is_foreign(name, value):
            continue
        field_name = FIELD_BY_NAME.get(name)
        if field_name is not None:
            _add(taken, field_name, name, value)
        elif problem := find_misspelling(name, strict=strict):
            taken.problems.append(problem)
    return taken


def _add(taken: _Taken, field_name: str, name: str, value: str) -> None:
    other = taken.names.get(field_name)
    if other is None:
        taken.names[field_name], taken.values[field_name] = name, value
    elif taken.values[field_name].casefold() != value.casefold():
        shown = "" if is_secret(field_name) else f" ({taken.values[field_name]!r} and {value!r})"
        taken.problems.append(
            Problem(f"{other} and {name}", f"are one setting and disagree in {taken.place}{shown}; keep one of them")
        )


def _take_file(path: Path) -> _Taken:
    try:
        with path.open(encoding="utf-8-sig") as stream:
            bindings = list(parse_stream(stream))
    except FileNotFoundError:
        return _Taken(str(path))
    except (OSError, UnicodeDecodeError) as error:
        kind = getattr(error, "strerror", None) or "it is not UTF-8"
        return _Taken(str(path), problems=[Problem(str(path), f"cannot be read: {kind}")])
    surroundings: dict[str, str] = {}
    problems: list[Problem] = []
    for binding in bindings:
        place = f"{path} line {_line(binding.original)}"
        if binding.error or (binding.key is not None and binding.value is None):
            problems.append(Problem(place, "cannot be understood; write NAME=value"))
        elif binding.key is not None and binding.value is not None:
            if surroundings.get(binding.key, binding.value) != binding.value:
                problems.append(Problem(binding.key, f"is set twice, and again differently in {place}; keep one"))
            surroundings[binding.key] = binding.value
    taken = _take(str(path), surroundings, strict=True)
    taken.problems[:0] = problems
    return taken


def _line(original: Original) -> int:
    """Where the text begins; the parser counts the empty lines before it as its own."""
    text = original.string
    return original.line + text[: len(text) - len(text.lstrip())].count("\n")


def _find_bad_values(error: ValidationError, names: Mapping[str, str]) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        if detail["type"] == "default_factory_not_called":
            continue  # follows from the error of another setting
        field_name = str(detail["loc"][0])
        name = names.get(field_name) or names_of(Settings.model_fields[field_name])[0]
        rule = RULE_IN_WORDS.get(detail["type"]) or RULE_PREFIX.sub("", detail["msg"])
        value = detail["input"]
        shown = "the value" if is_secret(field_name) or isinstance(value, SecretStr) else repr(value)
        yield Problem(name, f"{shown} must {rule}; without it: {describe_default(field_name)}")
