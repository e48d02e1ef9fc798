# The front door: `make` alone lists what you can ask for.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin

# uv takes seconds where pip takes its time; where uv cannot be had, pip serves.
define install
	@if [ -x $(BIN)/uv ]; then \
		$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --constraint constraints.txt $(1); \
	else \
		$(BIN)/python -m pip install --quiet --constraint constraints.txt $(1); \
	fi
endef

.DEFAULT_GOAL := help
.PHONY: help up install test test-heavy check format docs constraints clean

help: ## show this list
	@echo "Strongroom: the database layer for financial Python backends."
	@echo "Begin with 'make up'. It needs Python 3.11 or later and nothing else: no database, no Docker."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

up: .venv/.installed ## start everything here: an embedded PostgreSQL, its schema, the API
	@$(BIN)/strongroom up

install: .venv/.installed-dev ## make .venv with all that developing needs

test: .venv/.installed-dev ## run the tests, on every PostgreSQL found here; narrow with ARGS="-k ledger"
	@$(BIN)/python -m pytest $(ARGS)

test-heavy: .venv/.installed-dev ## run what takes most of a minute each: a Dask cluster, a million rows
	@$(BIN)/python -m pytest -m heavy $(ARGS)

check: .venv/.installed-dev ## lint, formatting, types, and which floor may import which
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --config importlinter.toml

format: .venv/.installed-dev ## let ruff lay out the code and mend what it safely can
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

docs: .venv/.installed-dev ## write the pages of docs/ that follow from the code anew
	@$(BIN)/python scripts/write_docs.py

constraints: .venv/.installed-dev ## move every pinned version in constraints.txt to the newest that fits
	@echo uv | $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --group dev pyproject.toml - \
		--no-annotate --no-emit-index-url --custom-compile-command "make constraints" -o constraints.txt

clean: ## remove .venv and everything generated; your data in .strongroom stays
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov dist build
	@find src tests -type d -name __pycache__ -prune -exec rm -rf {} +

.venv/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Strongroom into .venv"
	$(call install,--editable .)
	@touch $@

.venv/.installed-dev: .venv/.installed
	@echo "Installing what developing needs into .venv"
	$(call install,--editable . --group dev)
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or later found; install one, or say make PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Strongroom needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv \
		|| $(BIN)/python -m pip install --quiet --upgrade pip
