# make run    set up, then the whole pipeline on real data; lists in data/lists/
# make test   set up, then all tests
# make check  what CI runs: lint, types, structure, tests
# make lock   resolve the versions again

PYTHON ?= python3
UV := uv==0.13.9
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PATH := $(CURDIR)/$(BIN):$(PATH)
export MLFLOW_DISABLE_TELEMETRY := true
export DVC_NO_ANALYTICS := true
# Each start of a program would compile its libraries again, which takes longer than loading them.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check lint lock clean setup
.DEFAULT_GOAL := run

run: $(READY) data/raw
	dvc repro
	@echo
	@churnml report --no-page

# Two at once, so no thread may spin while it waits for another one: it would hold the core that the other needs.
test: $(READY)
	OMP_WAIT_POLICY=passive python -m pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder

lint: $(READY)
	ruff check .
	ruff format --check .
	mypy
	lint-imports

check: lint test

setup: $(READY)

# The demo's exports; your own in data/raw are left as they are.
data/raw: | $(READY)
	churnml demo data/raw

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet $(UV) || echo "uv can't be installed; using pip"
	@if $(BIN)/uv --version >/dev/null 2>&1; then \
		$(BIN)/uv pip install --quiet --python $(BIN)/python --requirement requirements.lock && \
		$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .; \
	else \
		$(BIN)/python -m pip install --quiet --requirement requirements.lock && \
		$(BIN)/python -m pip install --quiet --no-deps --editable .; \
	fi
	@touch $(READY)

lock:
	@test -x $(BIN)/uv || { $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet $(UV); }
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade --quiet \
		--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --output-file requirements.lock

clean:
	rm -rf $(VENV) data models reports/plots lists mlflow.db mlruns
