# Every routine task of Serialtrail. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Where `make run` keeps its database, keys and certificates, and what `serialtrail serve` is told besides.
DATA ?= data
ARGS ?=
# Which tests `make unit` and `make browser` run, such as TESTS=tests/services/test_receiving.py
TESTS ?=
# All tests run two at a time; for a few that you name the second process would not be worth its start.
PYTEST := .venv/bin/pytest $(if $(TESTS),,--numprocesses=2)
# The photographs that `make bench-decode` scores the decoder on.
PHOTOS ?=

VENV := $(CURDIR)/.venv
PYTHON_BIN := .venv/bin
PIP := $(PYTHON_BIN)/pip --quiet --disable-pip-version-check
PWA_SOURCES := $(shell find pwa \( -name node_modules -o -name dist -o -name tests \) -prune -o -type f -print)

# --- what everybody calls ------------------------------------------------------------------------

.PHONY: help
help: ## List every task
	@echo "Serialtrail: make <task>"
	@sed -nE 's/^([a-z][a-z-]*):.*## (.*)/\1\t\2/p' Makefile | while IFS=$$'\t' read -r task what; do printf '  %-12s %s\n' "$$task" "$$what"; done

.PHONY: run
run: setup ## Set up, load the demo data on the first start, and serve to this computer and to phones
	@export SERIALTRAIL_DATA="$(abspath $(DATA))"; \
	$(PYTHON_BIN)/serialtrail db upgrade && \
	$(PYTHON_BIN)/serialtrail demo --if-empty && \
	exec $(PYTHON_BIN)/serialtrail serve --lan $(ARGS)

.PHONY: setup
setup: .venv/.runtime-installed pwa/dist/index.html ## Install the locked packages and build the screens, without serving

.PHONY: test
test: ## Install what the tests need, run every check and test, end with one summary
	@scripts/test

.PHONY: build
build: .venv/.runtime-installed pwa/dist/index.html ## Build the wheel with the screens inside, into dist/
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .
	@ls -1t dist/*.whl | head -n 1

.PHONY: lint
lint: .venv/.dev-installed pwa/node_modules/.installed ## Check style and imports: ruff, import contracts, biome
	$(PYTHON_BIN)/ruff check
	$(PYTHON_BIN)/ruff format --check
	$(PYTHON_BIN)/lint-imports
	npm --prefix pwa run --silent lint

.PHONY: typecheck
typecheck: .venv/.dev-installed pwa/node_modules/.installed ## Check types: mypy and tsc
	$(PYTHON_BIN)/mypy
	npm --prefix pwa run --silent typecheck

.PHONY: unit
unit: .venv/.dev-installed pwa/node_modules/.installed pwa/dist/index.html ## Run the Python and TypeScript tests that need no browser (TESTS=path for some)
	$(PYTEST) --ignore=tests/browser $(TESTS)
	npm --prefix pwa run --silent test

.PHONY: browser
browser: .venv/.dev-installed pwa/dist/index.html ## Run the tests in a real Chromium
	$(PYTEST) $(or $(TESTS),tests/browser)

.PHONY: audit
audit: .venv/.dev-installed audit/node_modules/.installed pwa/dist/index.html ## Lighthouse on four screens, and axe over all of them, light, dark, and both directions
	@scripts/debian-packages chromium chromium-headless-shell
	.venv/bin/pytest $(or $(TESTS),audit)

.PHONY: screenshots
screenshots: .venv/.dev-installed pwa/dist/index.html ## Take the pictures of the README anew
	SERIALTRAIL_SCREENSHOTS=docs/images $(PYTHON_BIN)/pytest tests/browser/test_camera.py

.PHONY: bench
bench: .venv/.dev-installed ## Measure scans, receipts, look-ups and boards beside the raw-database floor
	$(PYTHON_BIN)/python -m bench $(ARGS)

.PHONY: bench-decode
bench-decode: .venv/.dev-installed ## Score the decoder beside zxing-cpp, zbar and OpenCV on PHOTOS=folder, whole and made worse
	@test -f "$(PHOTOS)/manifest.tsv" || { echo "Name the folder of photographs with its manifest.tsv: make bench-decode PHOTOS=..."; exit 1; }
	@scripts/debian-packages libzbar0
	$(PYTHON_BIN)/python -m bench.decode "$(PHOTOS)" --steps
	$(PYTHON_BIN)/python -m bench.degraded "$(PHOTOS)"

.PHONY: lock
lock: ## Renew the Python locks after a change in pyproject.toml (ARGS=--upgrade for the newest releases)
	scripts/lock $(ARGS)

.PHONY: clean
clean: ## Remove all that was installed and built; the data stays
	rm -rf .venv dist build pwa/node_modules pwa/dist audit/node_modules
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-artifacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what they stand on: done once, and again only when a lock or a source changed ---------------
# Each stamp lies inside what it vouches for, so that removing a folder by hand removes its stamp too.

# A checkout that was moved or copied holds an environment that still points to its old place: make it anew.
ifneq ($(shell sed -nE 's/^command = .* -m venv (--clear )?//p' .venv/pyvenv.cfg 2>/dev/null),$(VENV))
.PHONY: .venv/bin/python
endif
.venv/bin/python:
	@scripts/make-venv "$(VENV)"

.venv/.runtime-installed: requirements/runtime.lock requirements/build.lock pyproject.toml .venv/bin/python
	@echo "Installing the locked Python packages ..."
	@$(PIP) install --require-hashes -r requirements/runtime.lock -r requirements/build.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.venv/.dev-installed: requirements/dev.lock .venv/.runtime-installed
	@echo "Installing the locked Python packages of the tests ..."
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@

pwa/node_modules/.installed: pwa/package.json pwa/package-lock.json
	@scripts/need-node
	@echo "Installing the locked npm packages ..."
	@npm --prefix pwa ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

audit/node_modules/.installed: audit/package.json audit/package-lock.json
	@scripts/need-node
	@echo "Installing the locked npm packages of the audit ..."
	@npm --prefix audit ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

pwa/dist/index.html: pwa/node_modules/.installed $(PWA_SOURCES)
	@echo "Building the screens ..."
	@npm --prefix pwa run --silent build -- --logLevel warn
	@touch $@
