"""Files that people send and spreadsheets that they open: what is read safely, and what is written harmlessly."""

from strongroom.kernel.files.formulas import guard_text, unguard_text
from strongroom.kernel.files.numbers import DecimalMark
from strongroom.kernel.files.unreadable import Unreadable

__all__ = ["DecimalMark", "Unreadable", "guard_text", "unguard_text"]
