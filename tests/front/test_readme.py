"""What README.md shows works when copied: its Python runs in order, its commands exist, its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from strongroom.cli.main import app
from strongroom.testing.databases import ThrowAwayServer

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

#: runs a script in which `await` may stand anywhere, as in a notebook
RUNNER = """
import ast, asyncio, inspect, sys, types
path = sys.argv[1]
code = compile(open(path, encoding="utf-8").read(), path, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
result = types.FunctionType(code, {"__name__": "readme"})()
if code.co_flags & inspect.CO_COROUTINE:
    asyncio.run(result)
"""


def blocks(*languages: str) -> Iterator[re.Match[str]]:
    return (block for block in BLOCK.finditer(README) if block["language"] in languages)


def python_in_place() -> str:
    """Every Python block, each on the lines it has in the README, so that an error names its line there."""
    lines = [""] * (README.count("\n") + 1)
    for block in blocks("python"):
        first = README[: block.start("text")].count("\n")
        text = block["text"].splitlines()
        lines[first : first + len(text)] = text
    return "\n".join(lines)


def typed_commands() -> list[str]:
    """Every command line in a console block, and every piece of code in a sentence that looks like one."""
    typed = [line for block in blocks("console", "bash", "sh") for line in block["text"].splitlines()]
    typed += re.findall(r"`([^`\n]+)`", BLOCK.sub("", README))
    return [re.sub(r"^\$ |\s+#.*$", "", line) for line in typed]


def test_the_python_of_the_readme_runs_in_order(
    folder: Path, environment: dict[str, str], postgresql_server: ThrowAwayServer
) -> None:
    script, text = folder / "README.md.py", python_in_place()
    script.write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUNNER, str(script)],
        cwd=folder,
        env={**environment, "DATABASE_URL": postgresql_server.create_database().url},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    promised = re.findall(r"^print\(.*\)  # (.+)$", text, re.MULTILINE)
    assert ran.stdout.splitlines() == promised


def test_the_commands_of_the_readme_exist() -> None:
    unknown = []
    for line in typed_commands():
        program, *words = line.split() or [""]
        if program == "strongroom":
            command: Any = typer.main.get_command(app)
            while words and not words[0].startswith("-") and hasattr(command, "commands"):
                command = command.commands.get(words.pop(0))
            options = {name for option in command.params for name in option.opts} if command else set()
            known = {*options, "--help"}
            unknown += [] if command and all(word in known for word in words if word.startswith("-")) else [line]
        elif program == "make":
            targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
            unknown += [line for word in words if "=" not in word and word not in targets]
    assert unknown == []


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md"])
def test_the_links_of_the_first_pages_lead_somewhere(page: str) -> None:
    if not (ROOT / page).exists():
        pytest.skip(f"there is no {page}")
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_tests_that_the_readme_appeals_to_exist() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", README)
    assert [path for path in named if not (ROOT / path).exists()] == []
