#!/usr/bin/env bash
# Checks, sets up, fills or empties the database. Uses the project's own environment when there is one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    cat <<'USAGE'
Usage: scripts/init_db.sh COMMAND [--verbose]

  check    see whether the database answers
  init     bring the schema to its newest revision
  sample   the same, and load sample data (not in production)
  reset    remove everything and begin anew (not in production)
  migrate  alembic upgrade head
USAGE
}

python=.venv/bin/python
[ -x "$python" ] || python=python3
command="${1:-}"
[ $# -gt 0 ] && shift
case "$command" in
    check) exec "$python" scripts/init_database.py --check-only "$@" ;;
    init) exec "$python" scripts/init_database.py "$@" ;;
    sample) exec "$python" scripts/init_database.py --create-sample-data "$@" ;;
    reset) exec "$python" scripts/init_database.py --force-reset "$@" ;;
    migrate) exec "$python" -m alembic upgrade head ;;
    -h | --help) usage ;;
    *) usage >&2; exit 1 ;;
esac
