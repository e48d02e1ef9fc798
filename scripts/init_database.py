#!/usr/bin/env python
"""Sets the database up: a thin door to `strongroom database`, with the options people know from other backends."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence


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
    parser.add_argument("--check-only", action="store_true", help="only see whether the database answers")
    parser.add_argument("--force-reset", action="store_true", help="remove everything first; refused in production")
    parser.add_argument("--create-sample-data", action="store_true", help="load sample data; refused in production")
    parser.add_argument("--verbose", "-v", action="store_true", help="log what happens")
    options = parser.parse_args(words)
    if options.check_only:
        steps = [["check"]]
    else:
        steps = [["reset", "--yes"]] if options.force_reset else [["init"]]
        steps += [["sample"]] if options.create_sample_data else []
    strongroom = [sys.executable, "-m", "strongroom", *(["--verbose"] if options.verbose else []), "database"]
    return [[*strongroom, *step] for step in steps]


if __name__ == "__main__":
    sys.exit(main())
