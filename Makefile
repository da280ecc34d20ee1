# The two commands are `make demo` and `make test`; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto
# Where a rule of the contract is decided: every branch of it is tested.
CORE := sordiff/model.py,sordiff/fields.py,sordiff/register.py,sordiff/diff.py,sordiff/events/*,sordiff/interpret/*,sordiff/replay/*,sordiff/anomalies/*,sordiff/wire.py

.DEFAULT_GOAL := help
.PHONY: help demo test browser check lint types layers format golden stories schemas docs pictures alarms-table lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'sordiff needs Python 3.11 or newer: make PYTHON=python3.12 …'; exit 1; }
	@echo 'Setting up $(VENV) …'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/installed ## set up, and record three bundled nights into SQLite
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh scripts/demo.sh

test: $(VENV)/installed browser ## set up, and run all tests with coverage
	@rm -f .coverage .coverage.*
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov=sordiff --cov-report=
	$(BIN)/coverage report --include='$(CORE)' --fail-under=100
	$(BIN)/coverage report --fail-under=95

browser: ## install Chromium for the tests of the page, where that is possible
	@sh scripts/browser.sh

check: lint types layers test ## everything that the build demands

lint: $(VENV)/installed ## style, by ruff
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/installed ## types, by mypy
	$(BIN)/mypy

layers: $(VENV)/installed ## imports point down only
	$(BIN)/lint-imports

format: $(VENV)/installed ## put the code in its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

stories: $(VENV)/installed ## write the nights of the scenarios anew
	$(BIN)/python -m tests.scenarios.stories

golden: $(VENV)/installed ## write what the scenarios tell anew; read the difference
	$(BIN)/python -m tests.scenarios.golden

schemas: $(VENV)/installed ## write the JSON Schemas anew
	$(BIN)/python -c 'from pathlib import Path; from sordiff import schemas; schemas.export(Path("sordiff/schemas"), schemas.generated())'

docs: $(VENV)/installed ## write the generated documents anew
	$(BIN)/python -m tests.contract.events_document
	$(BIN)/python -m tests.contract.stories_document

pictures: $(VENV)/installed browser ## take the pictures of README anew
	$(BIN)/python -m tests.browser.pictures

alarms-table: $(VENV)/installed ## write the table of docs/alarms.md anew
	$(BIN)/python -m tests.alarms.table

lock: $(VENV)/installed ## choose the newest dependencies and pin them with their hashes
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-header --quiet -o requirements.lock

clean: ## remove everything that can be made again
	rm -rf $(VENV) demo build dist .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
