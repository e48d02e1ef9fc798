#!/usr/bin/env python
"""Looks after the database: a thin door to `strongroom`, with the words people know from other backends."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence

#: what `strongroom` is told for each word, in turn
COMMANDS: dict[str, list[list[str]]] = {
    "check": [["database", "check"]],
    "create-all": [["database", "init"]],
    "drop-all": [["schema", "downgrade", "base"]],
    "reset": [["database", "reset"]],
    "info": [["database", "check"], ["schema", "current"]],
    "query": [["insight", "query"]],
    "vacuum": [["insight", "vacuum"]],
    "indexes": [["indexes", "usage"]],
    "stats": [["insight", "tables"]],
    "connections": [["insight", "connections"]],
}


def main() -> int:
    """Run the commands, up to the first that fails; give its exit code."""
    for command in build_commands(sys.argv[1:]):
        code = subprocess.run(command, check=False).returncode
        if code:
            return code
    return 0


def build_commands(words: Sequence[str]) -> list[list[str]]:
    """What `strongroom` is to be told, in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    kinds.add_parser("check", help="whether the database answers")
    kinds.add_parser("create-all", help="bring every table up to date")
    for word, does in (("drop-all", "remove every table"), ("reset", "remove every table and make it again")):
        emptying = kinds.add_parser(word, help=f"{does}; refused in production")
        asks = word == "reset"  # taking the schema down asks nobody
        emptying.add_argument("--yes", "-y", action="store_true", required=not asks, help="it is really meant")
    kinds.add_parser("info", help="version, pool and revision")
    asking = kinds.add_parser("query", help="run one statement that only reads")
    asking.add_argument("sql", metavar="SQL")
    kinds.add_parser("vacuum", help="clean the tables")
    kinds.add_parser("indexes", help="what each index is worth")
    measuring = kinds.add_parser("stats", help="how large each table is")
    measuring.add_argument("--table", help="one table")
    kinds.add_parser("connections", help="who is connected")
    options = parser.parse_args(words)
    rest = _rest(options)
    return [[sys.executable, "-m", "strongroom", *command, *rest] for command in COMMANDS[options.word]]


def _rest(options: argparse.Namespace) -> list[str]:
    """What of the options goes on to the command."""
    match options.word:
        case "query":
            return ["--", options.sql]
        case "stats" if options.table:
            return ["--table", options.table]
        case "reset" if options.yes:
            return ["--yes"]
    return []


if __name__ == "__main__":
    sys.exit(main())
