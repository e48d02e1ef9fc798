#!/usr/bin/env python
"""Runs the tests: a thin door to pytest, with the options people know from other backends."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence

DATABASE_TESTS = ("tests/kernel", "tests/systems", "tests/conformance")


def main() -> int:
    """Run pytest, all of its runs even if one fails; give the worst exit code."""
    return max(subprocess.run(command, check=False).returncode for command in build_commands(sys.argv[1:]))


def build_commands(words: Sequence[str]) -> list[list[str]]:
    """The runs of pytest that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--database-only", "-d", action="store_true", help="only what touches a database")
    which.add_argument("--specific", "-s", metavar="PATH", help="one file or folder of tests")
    which.add_argument("--specific-tests", action="store_true", help="each suite of the database tests in turn")
    parser.add_argument("--coverage", "-c", action="store_true", help="measure which lines ran, and write htmlcov/")
    parser.add_argument("--verbose", "-v", action="store_true", help="name every test")
    options = parser.parse_args(words)
    pytest = [sys.executable, "-m", "pytest"]
    if options.verbose:
        pytest.append("-vv")  # the project's own -q takes one of them back
    if options.coverage:
        pytest += ["--cov=strongroom", "--cov-report=term-missing:skip-covered", "--cov-report=html"]
    if options.specific:
        return [[*pytest, options.specific]]
    if options.specific_tests:
        return [[*pytest, suite] for suite in DATABASE_TESTS]
    return [[*pytest, *DATABASE_TESTS]] if options.database_only else [pytest]


if __name__ == "__main__":
    sys.exit(main())
