"""What a user can meet is written down: every setting and every error, with nothing stale in between."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import strongroom
from strongroom.kernel.errors import StrongroomError
from strongroom.settings import describe, render_documentation

DOCS = Path(__file__).parents[2] / "docs"
ENTRY = re.compile(r"^### `(?P<code>[A-Z0-9_]+)`\n\n(?P<text>.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)


def test_the_page_on_settings_is_fresh() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert page == render_documentation(), "run: python -m strongroom.settings > docs/settings.md"


def test_every_setting_and_every_second_name_is_on_the_page() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    names = [name for row in describe() for name in (row.name, *row.aliases)]
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_error_code_has_an_entry() -> None:
    assert sorted(_errors_by_code().keys() - _entries().keys()) == []


def test_every_entry_is_about_an_error_there_is() -> None:
    assert sorted(_entries().keys() - _errors_by_code().keys()) == []


def test_every_entry_says_the_status_and_whether_to_repeat() -> None:
    wrong = [
        code
        for code, kinds in _errors_by_code().items()
        for kind in kinds
        if code in _entries() and not _entries()[code].startswith(_expected_opening(kind))
    ]
    assert wrong == []


def test_every_entry_says_what_to_do() -> None:
    assert [code for code, text in _entries().items() if "\n**What to do:** " not in text] == []


def test_no_two_unrelated_errors_share_a_code() -> None:
    shared = {
        code: [kind.__name__ for kind in kinds]
        for code, kinds in _errors_by_code().items()
        if not any(all(issubclass(kind, eldest) for kind in kinds) for eldest in kinds)
    }
    assert shared == {}


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def _expected_opening(kind: type[StrongroomError]) -> str:
    return f"HTTP {kind.status}." + (" Worth repeating." if kind.retryable else "")


@cache
def _entries() -> dict[str, str]:
    """The text under each heading of docs/errors.md, by code."""
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    found = [(match["code"], match["text"]) for match in ENTRY.finditer(page)]
    assert len(found) == len(dict(found)), "an error has two entries"
    return dict(found)


@cache
def _errors_by_code() -> dict[str, list[type[StrongroomError]]]:
    """Every error that Strongroom itself declares."""
    for module in pkgutil.walk_packages(strongroom.__path__, "strongroom."):
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)
    found: defaultdict[str, list[type[StrongroomError]]] = defaultdict(list)
    for kind in _family(StrongroomError):
        # tests declare errors of their own
        if kind.__module__.startswith("strongroom.") and kind not in found[kind.code]:
            found[kind.code].append(kind)
    return {code: kinds for code, kinds in found.items() if kinds}


def _family(kind: type[StrongroomError]) -> Iterator[type[StrongroomError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _family(child)
