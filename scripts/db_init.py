#!/usr/bin/env python
"""Sets forecasting up: a thin door to `strongroom forecasting`, with the words people know from other backends."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence

WORDS = {
    "setup": "make the tables, or bring them up to date",
    "check": "whether the database answers, and what it holds",
    "create-admin": "make an administrator",
    "reset": "remove everything and begin anew; refused in production",
}


def main() -> int:
    """Run the command; give its exit code."""
    return subprocess.run(build_command(sys.argv[1:]), check=False).returncode


def build_command(words: Sequence[str]) -> list[str]:
    """What `strongroom` is to be told; what follows the word goes on as it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    for word, does in WORDS.items():
        kinds.add_parser(word, help=does, add_help=False)
    options, rest = parser.parse_known_args(words)
    return [sys.executable, "-m", "strongroom", "forecasting", options.word, *rest]


if __name__ == "__main__":
    sys.exit(main())
