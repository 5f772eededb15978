# `make run` and `make test` are all that a fresh machine with Python and make needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ASSETS := $(if $(wildcard web/package.json),web/dist/.built)
CLIENTS := tests/clients/node_modules/.done
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q

FAST := tests/model tests/rdf tests/linking/test_names.py tests/query/test_scan.py tests/query/test_tokens.py tests/test_project_files.py tests/test_settings.py src

.PHONY: run setup dev build serve test test-fast lint site bench lock docs

run: build ## set up, build, validate, serve on http://localhost:8000
	$(BIN)/mappe validate
	$(BIN)/mappe serve

setup: $(VENV)/.run $(ASSETS) ## virtual environment, locked dependencies, the command .venv/bin/mappe
dev: $(VENV)/.dev ## the same with what tests and lint need

$(VENV)/.python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/.python
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(PIP) install --require-hashes -r requirements/dev.txt
	touch $@

$(VENV)/.spark: requirements/spark.txt $(VENV)/.dev
	$(PIP) install --require-hashes --no-build-isolation -r requirements/spark.txt
	touch $@

$(VENV)/harvest/.done: requirements/harvest.txt | $(VENV)/.python
	$(PYTHON) -m venv $(VENV)/harvest
	$(VENV)/harvest/bin/python -m pip --disable-pip-version-check --no-input -q install --require-hashes -r $<
	touch $@

$(CLIENTS): tests/clients/package-lock.json | $(VENV)/.run
	scripts/npm tests/clients ci --loglevel=error
	touch $@

web/dist/.built: $(shell find web src/mappe_servizi/web/portal/templates src/mappe_servizi/web/portal/charts.py ontology/assets/ontologies src/mappe_servizi/outputs/ontology_pages.py requirements/run.txt -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null) | $(VENV)/.run
	scripts/build-assets

build: setup
	$(BIN)/mappe build

serve: setup
	$(BIN)/mappe serve

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint $(ASSETS) $(VENV)/.spark $(VENV)/harvest/.done $(CLIENTS) ## lint, then every test; those marked `alone` after the others
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not alone"
	$(BIN)/pytest -m alone

test-fast: lint ## lint, and the tests that need no build, server or browser
	$(BIN)/pytest -n 2 -q -m "not alone" $(FAST)

site: dev ## the documentation as a site, in build/site; nothing of it is fetched from elsewhere
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

bench/lighthouse/node_modules/.done: bench/lighthouse/package-lock.json | $(VENV)/.run
	scripts/npm bench/lighthouse ci --loglevel=error
	touch $@

bench: dev $(VENV)/.spark bench/lighthouse/node_modules/.done
	$(BIN)/python -m bench

lock: dev ## after a change of dependencies in pyproject.toml
	scripts/lock

docs: dev ## the generated pages of docs/
	$(BIN)/python scripts/generate_docs.py
