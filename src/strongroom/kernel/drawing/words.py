"""Text and figures as they may stand in a picture: harmless whatever somebody calls themselves, and short."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from strongroom.kernel.values import WIDE

NAME_CHARACTERS_MAX = 40
_SCALES = ((Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"), (Decimal(10) ** 3, "thousand"))
_SHORT = {"billion": "bn", "million": "m", "thousand": "k", "": ""}
#: control and format characters, halves of surrogate pairs and code points without a character: what XML refuses
#: and what turns the direction of the text around it
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Cn"}


@dataclass(frozen=True, slots=True)
class Scale:
    """What an axis counts in. words: for its label, such as "USD million". step: of its values."""

    divisor: Decimal
    words: str
    suffix: str = ""
    step: Decimal = Decimal("0.1")

    def coordinate(self, value: Decimal) -> float:
        """Where the value lies on the axis. A float is good enough for a place on paper."""
        return float(value / self.divisor)

    def label(self, value: Decimal) -> str:
        """The value in a few digits with its unit, such as 4.80m."""
        shown = (value / self.divisor).quantize(self.step, rounding=ROUND_HALF_UP, context=WIDE)
        return f"{shown:,f}{self.suffix}"


def amount_scale(currency: str, values: Iterable[Decimal | None]) -> Scale:
    """The scale on which the largest amount has one to three digits before the point. currency: may be empty."""
    largest = max((abs(value) for value in values if value is not None), default=Decimal(0))
    divisor, word = next((scale for scale in _SCALES if largest >= scale[0]), (Decimal(1), ""))
    return Scale(divisor, f"{currency} {word}".strip(), _SHORT[word], Decimal("0.01"))


def printable(text: str) -> str:
    """One line that can stand in XML, with a question mark in a diamond for what cannot be shown."""
    words = " ".join(text.split())
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(letter) in _UNPRINTABLE else letter for letter in words
    )


def short_name(name: str) -> str:
    """A name that leaves room for the figures."""
    shown = printable(name)
    return shown if len(shown) <= NAME_CHARACTERS_MAX else shown[: NAME_CHARACTERS_MAX - 1] + "…"
