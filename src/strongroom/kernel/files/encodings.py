"""Which encoding a text proves by itself: only UTF-8 and UTF-16 do, anything else has to be told."""

from __future__ import annotations

import codecs

from strongroom.kernel.files.unreadable import Unreadable

#: what a caller may name; all but the last are found out by themselves
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252")

_SAMPLE_BYTES = 2000


def choose_encoding(beginning: bytes, told: str | None = None) -> str:
    """The encoding that was told, or the one that the first bytes speak for. Raises Unreadable for an unknown one."""
    if told is not None and told not in ENCODINGS:
        raise Unreadable(f"{told} is no encoding that is read here", f"name one of {', '.join(ENCODINGS)}")
    return told or _proven_encoding(beginning[:_SAMPLE_BYTES])


def wrongly_encoded(told: str | None, byte: int, line: int) -> Unreadable:
    """The refusal of a text that its encoding does not fit. byte: the first that does not; line: where, from 1."""
    if told is not None:
        return Unreadable(f"the file is not {told}", "name its encoding, or save it as UTF-8", row=line)
    return Unreadable(
        f"the file is neither UTF-8 nor UTF-16: byte 0x{byte:02X}",
        "save it as UTF-8, or say --encoding cp1252 if it comes from Windows in Western Europe or America",
        row=line,
    )


def _proven_encoding(sample: bytes) -> str:
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # without a mark: in a table most letters are Latin, so every other byte is nought
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 4 and even == 0:
        return "utf-16-le"
    if even > len(sample) // 4 and odd == 0:
        return "utf-16-be"
    return "utf-8"
