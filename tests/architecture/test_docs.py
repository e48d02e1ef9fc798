"""What a user can meet is written down: settings, errors, commands, routes, tables; with nothing stale in between."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from pydantic import SecretStr

import strongroom
from strongroom.assembly import SYSTEMS, Building, build_app
from strongroom.cli.main import app as command_line
from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.system import System
from strongroom.settings import Settings, describe

DOCS = Path(__file__).parents[2] / "docs"
ENTRY = re.compile(r"^### `(?P<code>[A-Z0-9_]+)`\n\n(?P<text>.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)


def _load(script: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(script, DOCS.parent / "scripts" / f"{script}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


write_docs = _load("write_docs")


def test_pages_that_follow_from_the_code_are_fresh() -> None:
    pages = write_docs.render_pages()
    stale = [name for name, text in pages.items() if (DOCS / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run: make docs"


def test_stale_pages_are_named_and_written_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into = ["--into", str(tmp_path)]
    assert write_docs.main(into) == 0
    assert write_docs.main(["--check", *into]) == 0
    (tmp_path / "routes.md").write_text("# Routes\n", encoding="utf-8")
    capsys.readouterr()
    assert write_docs.main(["--check", *into]) == 1
    assert capsys.readouterr().out == f"{tmp_path / 'routes.md'}: stale\n"
    assert write_docs.main(into) == 0
    assert write_docs.main(["--check", *into]) == 0


def test_every_setting_and_every_second_name_is_on_the_page() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    names = [name for row in describe() for name in (row.name, *row.aliases)]
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_command_and_each_of_its_options_is_on_the_page() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    missing = []
    for words, command in _commands(typer.main.get_command(command_line), "strongroom"):
        [text] = re.findall(rf"^## `{words}`\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL) or [""]
        options = [name for option in command.params for name in option.opts if name.startswith("--")]
        missing += [f"{words} {name}" for name in options if f"`{name}`" not in text and "completion" not in name]
        missing += [] if text else [words]
    assert missing == []


def test_every_route_is_on_the_page() -> None:
    page = (DOCS / "routes.md").read_text(encoding="utf-8")
    settings = Settings(database_url=SecretStr("sqlite://"), secret_key=SecretStr("-" * 32))
    paths = build_app(Building(settings)).openapi()["paths"]
    routes = [f"| {method.upper()} | `{path}` |" for path, methods in paths.items() for method in methods]
    assert [route for route in routes if route not in page] == []


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_every_table_is_drawn_and_every_column_is_listed(system: System) -> None:
    page = (DOCS / f"entities/{system.name}.md").read_text(encoding="utf-8")
    missing = []
    for table in system.tables.tables.values():
        [text] = re.findall(rf"^## {table.name}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL) or [""]
        missing += [f"{table.name}.{column.name}" for column in table.columns if f"| `{column.name}`" not in text]
        missing += [] if f"    {table.name} {{\n" in page else [table.name]
    assert missing == []


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


def _commands(command: Any, words: str) -> Iterator[tuple[str, Any]]:
    """Each command that does something, with the words that lead to it."""
    parts = getattr(command, "commands", {})
    if not parts:
        yield words, command
    for name, part in parts.items():
        yield from _commands(part, f"{words} {name}")


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
