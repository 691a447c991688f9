# What a person runs. Needs python3 (3.11 or later), git and make; everything else is installed
# into .venv, at the versions of requirements.lock.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
USERS ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test lint bench docs lock clean

help:
	@echo "make demo [USERS=200] [PORT=8000]   the demo site, with its data and its worker"
	@echo "make test                           lint, types, contracts and every test"
	@echo "make lint                           only lint, types and contracts"
	@echo "make bench                          the benchmarks; the table goes to docs/"
	@echo "make docs                           the documentation, into docs/_build/html"
	@echo "make lock                           requirements.lock anew from pyproject.toml (needs uv)"
	@echo "make clean                          remove all that was made, the demo's data too"

demo: $(VENV)/demo.stamp
	@$(BIN)/python -m headwater_demo --port=$(PORT) $(if $(USERS),--users=$(USERS))

test: $(VENV)/dev.stamp
	@tools/install_chromium.sh
	@$(BIN)/python tools/run_checks.py

lint: $(VENV)/dev.stamp
	@$(BIN)/python tools/run_checks.py --static

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m benchmarks

docs: $(VENV)/dev.stamp
	@$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build/html
	@echo "The documentation: docs/_build/html/index.html"

lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--no-emit-index-url --no-header --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) var build dist docs/_build .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment is made once; packages are installed again when the lock or the metadata changes.

$(BIN)/python:
	@PYTHON="$(PYTHON)" tools/make_venv.sh $(VENV)

$(VENV)/demo.stamp: requirements.lock pyproject.toml | $(BIN)/python
	@tools/install.sh $(VENV) demo,postgres
	@touch $@

$(VENV)/dev.stamp: requirements.lock pyproject.toml | $(BIN)/python
	@tools/install.sh $(VENV) dev
	@touch $(VENV)/demo.stamp $@
