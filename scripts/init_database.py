#!/usr/bin/env python
"""Sets the database up: a thin door to `strongroom database`, with the options people know from other backends."""

from __future__ import annotations

import argparse
import subprocess
import sys


def main() -> int:
    """Translate the options, run the commands, give their exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check-only", action="store_true", help="only see whether the database answers")
    parser.add_argument("--force-reset", action="store_true", help="remove everything first; refused in production")
    parser.add_argument("--create-sample-data", action="store_true", help="load sample data; refused in production")
    parser.add_argument("--verbose", "-v", action="store_true", help="log what happens")
    options = parser.parse_args()
    command = [sys.executable, "-m", "strongroom", *(["--verbose"] if options.verbose else []), "database"]
    steps = [["check"]] if options.check_only else []
    if not options.check_only:
        steps += [["reset", "--yes"]] if options.force_reset else [["init"]]
        steps += [["sample"]] if options.create_sample_data else []
    for step in steps:
        code = subprocess.run([*command, *step], check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
