# `make run` serves Postil; `make test` tests it. Both install what they need into .venv first.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet install --require-hashes
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--custom-compile-command "make lock"

# One more than there are cores: what drives a browser waits for it half of the time.
PROCESSES ?= $(shell $(PYTHON) -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))')

.PHONY: install run test test-long check lock bench pictures screenshots

install: .venv/installed

run: install
	$(BIN)/postil serve --port $(PORT)

test: .venv/tested check
	$(BIN)/pytest --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder

test-long: .venv/tested
	$(BIN)/pytest --long -m long

check: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

bench: .venv/tested
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.revisions
	$(BIN)/python -m benchmarks.shelf

pictures: .venv/tested
	$(BIN)/pytest tests/browser -k axe_finds_nothing --pictures test-results/pictures

screenshots: .venv/tested
	$(BIN)/python -m docs.screenshots

.venv/made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Postil needs Python 3.11 or newer; name one with `make PYTHON=… run`.")'
	$(PYTHON) -m venv .venv
	touch $@

.venv/installed: .venv/made pyproject.toml requirements/run.txt requirements/htmx.txt requirements/htmx.py
	$(PIP) --requirement requirements/run.txt
	$(PIP) --no-deps --upgrade --target .venv/htmx --requirement requirements/htmx.txt
	$(BIN)/python requirements/htmx.py .venv/htmx static/vendor
	$(BIN)/pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable .
	touch $@

.venv/tested: .venv/installed requirements/test.txt
	$(PIP) --requirement requirements/test.txt
	touch $@

# Locks anew; needs uv in the environment: $(BIN)/pip install uv
lock:
	$(UV_COMPILE) --upgrade --group build -o requirements/run.txt pyproject.toml
	$(UV_COMPILE) --upgrade --group build --group test -o requirements/test.txt pyproject.toml
	echo django-htmx | $(UV_COMPILE) --upgrade --no-deps -o requirements/htmx.txt -
