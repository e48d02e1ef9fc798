"""Everything wrong with the settings is told at once, so that nobody starts the program once per mistake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from strongroom.kernel.errors import ConfigurationError


class Problem(NamedTuple):
    """setting: its name, or both names when two contradict; reason: what is wrong and the way out, no secrets."""

    setting: str
    reason: str


def build_refusal(problems: Sequence[Problem]) -> ConfigurationError:
    """One error for all of them, a line each; `facts["problems"]` has them one by one."""
    if len(problems) == 1:
        [(setting, reason)] = problems
        return ConfigurationError(setting=setting, reason=reason, problems=tuple(problems))
    lines = "\n".join(f"- {setting}: {reason}" for setting, reason in problems)
    return ConfigurationError(
        f"{len(problems)} settings cannot be used\n{lines}",
        setting=", ".join(problem.setting for problem in problems),
        problems=tuple(problems),
    )
