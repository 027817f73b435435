# Every target makes what it needs: a virtual environment in .venv (uv when there is one), with
# everything that pyproject.toml names. Arguments for pytest: make test ARGS="-k tenancy"

VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready
JOBS ?= $(shell nproc)

.PHONY: help demo demo-psql test test-fast model lint format bench clean

help:
	@echo 'make demo       watch a workflow and rules at work, on a PostgreSQL 18 of its own'
	@echo 'make demo-psql  look around in the database that the demo left'
	@echo 'make test       the whole suite, on PostgreSQL 18 and on the PostgreSQL of the system'
	@echo 'make test-fast  without the slow tests, on PostgreSQL 18 only'
	@echo 'make model      20,000 random workflows, on the engine and on a model of it in Python'
	@echo 'make lint       ruff and sqlfluff'
	@echo 'make format     let ruff put Python files in order'
	@echo 'make bench      measure; prints a table and writes a JSON file'
	@echo 'make clean      remove everything that the targets above made'

demo: $(READY)
	$(PYTHON) -m demo

demo-psql: $(READY)
	@$(PYTHON) -m demo.server psql

test: $(READY)
	$(PYTHON) -m pytest -n $(JOBS) $(ARGS)

test-fast: $(READY)
	$(PYTHON) -m pytest -n $(JOBS) --server embedded -m 'not slow' $(ARGS)

model: $(READY)
	MODEL_EXAMPLES=20000 $(PYTHON) -m pytest -n $(JOBS) --server embedded tests/test_model.py $(ARGS)

lint: $(READY)
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m sqlfluff lint --disable-progress-bar --processes $(JOBS) sql migrations

format: $(READY)
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

bench: $(READY)
	$(PYTHON) -m bench

clean:
	@test ! -x $(PYTHON) || $(PYTHON) -m demo.server remove
	rm -rf $(VENV) *.egg-info build .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml
	@./.ci/make-venv $(VENV)
	@touch $@
