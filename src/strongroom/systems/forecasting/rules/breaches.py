"""Whether losses beyond the value at risk came as often as they should: counted, and tested.

Kupiec, "Techniques for verifying the accuracy of risk measurement models", Journal of Derivatives 3 (1995): the
likelihood ratio of the share that was seen to the share that was expected has a chi-square distribution with one
degree of freedom when the model is right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreachCount:
    """breaches of observations; expected: the share there should be, 0.05 at 95 %.

    p_value: how likely a share at least so far off is if the model is right, None without observations; below 0.05
    the model is doubtful.
    """

    observations: int
    breaches: int
    expected: float

    @property
    def share(self) -> float | None:
        """The share there was, 0 to 1."""
        return self.breaches / self.observations if self.observations else None

    @property
    def p_value(self) -> float | None:
        if not self.observations:
            return None
        likely = _log_likelihood(self.observations, self.breaches, self.expected)
        seen = _log_likelihood(self.observations, self.breaches, self.breaches / self.observations)
        return math.erfc(math.sqrt(max(0.0, seen - likely)))  # of chi-square with one degree, at twice the difference


def is_breach(actual: float, value_at_risk: float) -> bool:
    """Whether more was lost than the value at risk."""
    return actual < -value_at_risk


def _log_likelihood(observations: int, breaches: int, share: float) -> float:
    """0 * log(0) is 0: what never happened and never should says nothing."""
    kept = observations - breaches
    found = breaches * math.log(share) if breaches else 0.0
    return found + (kept * math.log1p(-share) if kept else 0.0)
