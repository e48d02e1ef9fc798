"""The number of a taxpayer for goods and services tax (GSTIN), and the names that must agree with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from strongroom.systems.export_readiness.rules.validation.fields import Document, text_of
from strongroom.systems.export_readiness.rules.validation.findings import Finding, warning
from strongroom.systems.export_readiness.rules.words import words_of

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: state, permanent account number (PAN), number of the registration, Z, check character
_GSTIN = re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]")
_SUFFIXES = frozenset(
    ("pvt", "private", "ltd", "limited", "llp", "llc", "inc", "incorporated", "corp", "corporation", "co", "company")
)


def check_gstin(document: Document, field: str = "exporter_gstin") -> Iterator[Finding]:
    """An error for what is no GSTIN; a warning where its last character does not fit the others."""
    number = text_of(document, field).upper()
    if not number:
        return
    if not _GSTIN.fullmatch(number):
        yield Finding(field, "this is not a GSTIN", "Write 15 characters: state, PAN, registration, Z, check character")
    elif number[-1] != (right := check_character(number[:-1])):
        yield warning(field, f"the last character should be {right}", "Compare it with the registration certificate")


def check_character(digits: str) -> str:
    """The last character of a GSTIN, from the 14 before it: products by 1 and 2 in turn, in base 36, modulo 36."""
    total = 0
    for position, character in enumerate(digits):
        product = _ALPHABET.index(character) * (1 + position % 2)
        total += product // 36 + product % 36
    return _ALPHABET[-total % 36]


def check_same_exporter(gst_lut: Document, shipping_bill: Document) -> Iterator[Finding]:
    """The exporter of both must be one: the same GSTIN, the same name but for Pvt Ltd and the like."""
    numbers = [text_of(document, "exporter_gstin").upper() for document in (gst_lut, shipping_bill)]
    if not all(numbers):
        yield warning("exporter_gstin", "the GSTIN cannot be compared", "Put it on both documents")
    elif numbers[0] != numbers[1]:
        yield Finding("exporter_gstin", "LUT and shipping bill have different GSTINs", "Correct one of the documents")
    names = [bare_name(text_of(document, "exporter_name")) for document in (gst_lut, shipping_bill)]
    if all(names) and names[0] != names[1]:
        yield Finding("exporter_name", "LUT and shipping bill name different exporters", "Correct one of the documents")


def bare_name(name: str) -> str:
    """A company's name in small letters, without its legal form, however many words that has."""
    words = words_of(name)
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return " ".join(words)
