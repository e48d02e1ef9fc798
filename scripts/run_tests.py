#!/usr/bin/env python
"""Runs the tests: a thin door to pytest, with the options people know from other backends."""

from __future__ import annotations

import argparse
import subprocess
import sys

DATABASE_TESTS = ("tests/kernel", "tests/systems", "tests/conformance")


def main() -> int:
    """Translate the options, run pytest, give its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--database-only", "-d", action="store_true", help="only what touches a database")
    which.add_argument("--specific", "-s", metavar="PATH", help="one file or folder of tests")
    which.add_argument("--specific-tests", action="store_true", help="each suite of the database tests in turn")
    parser.add_argument("--coverage", "-c", action="store_true", help="measure which lines ran, and write htmlcov/")
    parser.add_argument("--verbose", "-v", action="store_true", help="name every test")
    options = parser.parse_args()
    arguments = ["-v"] if options.verbose else []
    if options.coverage:
        arguments += ["--cov=strongroom", "--cov-report=term-missing:skip-covered", "--cov-report=html"]
    suites: list[tuple[str, ...]] = [()]
    if options.specific:
        suites = [(options.specific,)]
    elif options.specific_tests:
        suites = [(suite,) for suite in DATABASE_TESTS]
    elif options.database_only:
        suites = [DATABASE_TESTS]
    codes = [subprocess.run([sys.executable, "-m", "pytest", *arguments, *suite], check=False).returncode for suite in suites]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
