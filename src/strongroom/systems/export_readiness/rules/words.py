"""Whole words in a text, singular or plural: "foil" is not oil, "mechanical" not chemical, "batteries" is battery."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
#: what a plural may end in, and what it then ends in as a singular
_PLURALS = (("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", ""))
#: as in India, and as the lists of words have it
_SPELLINGS = {
    "jewellery": "jewelry",
    "defence": "defense",
    "fertiliser": "fertilizer",
    "unpasteurised": "unpasteurized",
    "oxidising": "oxidizing",
    "artefact": "artifact",
}


def words_of(text: str) -> list[str]:
    """Every word in order, in small letters; a hyphen parts two words."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def phrases_in(text: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """Those phrases that are in the text, each once and in their own order; letter case does not matter."""
    forms = [_forms(word) for word in words_of(text)]
    anywhere = frozenset[str]().union(*forms)
    found = []
    for phrase in dict.fromkeys(phrases):
        wanted = [_forms(word) for word in words_of(phrase)]
        if all(word & anywhere for word in wanted) and _stands_in(wanted, forms):
            found.append(phrase)
    return tuple(found)


def _stands_in(phrase: list[frozenset[str]], text: list[frozenset[str]]) -> bool:
    """Whether the words of the phrase follow one another somewhere in the text."""
    return bool(phrase) and any(
        all(one & other for one, other in zip(phrase, text[start : start + len(phrase)], strict=True))
        for start in range(len(text) - len(phrase) + 1)
    )


def _forms(word: str) -> frozenset[str]:
    """The word and what it is the plural of."""
    singulars = {
        word.removesuffix(ending) + instead
        for ending, instead in _PLURALS
        if word.endswith(ending) and len(word) > len(ending) + 1
    }
    return frozenset(_SPELLINGS.get(form, form) for form in {word, *singulars})
