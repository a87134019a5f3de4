# Talex. Each target sets up what it needs: a virtual environment by Python 3.11 or newer and the
# locked packages. Nothing is installed outside of this folder; what only the system can give
# (chromium, PostgreSQL) is named with the command that gets it.
#
#   make demo              set up, make a small rehearsal conference, serve it (PORT=8077: there)
#   make serve             serve this folder's installation (var/)
#   make test              the tests on a SQLite file
#   make test-postgresql   the same tests on PostgreSQL
#   make e2e               the tests in a real browser
#   make check             style, types, layers, migrations, translations
#   make bench             measured comparisons
#   make messages          bring the translation catalogues up to the sources
#   make lock              lock the newest versions of all packages
#   make clean             remove what the other targets made (not var/)

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV ?= .venv
STAMPS := $(VENV)/.stamps
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet --no-input
# Processes of a test run; TESTS names what to run, OPTIONS what else to tell pytest.
WORKERS ?= $(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
TESTS ?= tests
OPTIONS ?=
POSTGRESQL_URL ?= postgresql:///talex?host=/var/run/postgresql

SOURCES := talex tests bench
EXISTING = $(wildcard $(SOURCES))
CATALOGUES := $(wildcard talex/*/locale/*/LC_MESSAGES/django.po)

.PHONY: help demo serve test test-postgresql e2e check bench messages lock clean setup setup-dev

help:
	@sed -n 's/^#   make /  make /p' Makefile

# --- Setting up -----------------------------------------------------------------------------

# The stamps carry the sums of what they were made from, not its dates: a checkout that only
# touches the files does not install again, and a second run needs no network.
sum = $(shell cat $(1) 2>/dev/null | cksum | tr ' ' '-')
STAMP_VENV := $(STAMPS)/venv
STAMP_RUNTIME := $(STAMPS)/runtime-$(call sum,requirements/runtime.txt requirements/build.txt pyproject.toml)
STAMP_DEV := $(STAMPS)/dev-$(call sum,requirements/dev.txt requirements/build.txt pyproject.toml)

$(STAMP_VENV):
	@found=""; \
	for candidate in "$${PYTHON_FOR_TALEX:-}" python3.11 python3 python3.14 python3.13 python3.12; do \
	  [ -n "$$candidate" ] || continue; \
	  if command -v "$$candidate" >/dev/null 2>&1 \
	    && "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    found="$$candidate"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Talex needs Python 3.11 or newer, and there is none on the path." >&2; \
	  echo "Debian 12, Ubuntu 23.04 or newer: sudo apt-get install python3 python3-venv" >&2; \
	  echo "Elsewhere: see python.org, or say where it is: make PYTHON_FOR_TALEX=/path/to/python" >&2; \
	  exit 1; fi; \
	if ! "$$found" -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "$$found has no module venv (or ensurepip), which makes the virtual environment." >&2; \
	  echo "Debian, Ubuntu: sudo apt-get install python3-venv" >&2; \
	  exit 1; fi; \
	if ! "$(PYTHON)" -m pip --version >/dev/null 2>&1; then \
	  echo "Making a virtual environment in $(VENV) with $$found"; \
	  "$$found" -m venv --clear "$(VENV)"; fi
	@mkdir -p $(STAMPS) && touch $@

# $(1): the lock file. The project itself is installed with the locked build backend.
define install
	@echo "Installing the packages of $(1)"
	@$(PIP) install --require-hashes -r $(1) \
	  || { echo "The packages could not be installed: is the package index reachable?" >&2; exit 1; }
	@$(PIP) install --require-hashes -r requirements/build.txt
	@$(PIP) install --no-build-isolation --no-deps -e .
	@rm -f $(STAMPS)/runtime-* $(STAMPS)/dev-*
endef

$(STAMP_RUNTIME): | $(STAMP_VENV)
	$(call install,requirements/runtime.txt)
	@touch $@

# What the tests need holds what the programme needs.
$(STAMP_DEV): | $(STAMP_VENV)
	$(call install,requirements/dev.txt)
	@touch $@ $(STAMP_RUNTIME)

setup: $(STAMP_RUNTIME)
	@$(PYTHON) -m talex.core.catalogues compile >/dev/null

setup-dev: $(STAMP_DEV)
	@$(PYTHON) -m talex.core.catalogues compile >/dev/null

# --- Running --------------------------------------------------------------------------------

# Where the demo is served.
PORT ?= 8000
demo: setup
	@$(VENV)/bin/talex demo --port $(PORT)

serve: setup
	@$(VENV)/bin/talex serve --migrate

# --- Testing --------------------------------------------------------------------------------

# In the order of their folders: by the number of its tests the longest file, which has few, would
# come last and be waited for alone.
PYTEST = $(PYTHON) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(OPTIONS)

test: setup-dev
	@env -u TALEX_DATABASE_URL -u TALEX_REQUIRE_POSTGRESQL $(PYTEST) -m "not e2e" $(TESTS)

# The engine knows no database: its tests would be the same ones.
test-postgresql: setup-dev
	@TALEX_DATABASE_URL="$${TALEX_DATABASE_URL:-$(POSTGRESQL_URL)}" $(PYTHON) tests/require_postgresql.py
	@TALEX_DATABASE_URL="$${TALEX_DATABASE_URL:-$(POSTGRESQL_URL)}" TALEX_REQUIRE_POSTGRESQL=1 \
	  $(PYTEST) --create-db -m "not e2e" --ignore=tests/engine $(TESTS)

# One process: the pictures and the server are shared.
e2e: setup-dev
	@if [ -z "$${TALEX_CHROMIUM:-}" ] && ! command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null; then \
	  echo "The browser tests need Chromium. Debian: sudo apt-get install chromium fonts-noto-cjk" >&2; \
	  echo "Elsewhere: install it and say where it is: TALEX_CHROMIUM=/path/to/chromium make e2e" >&2; \
	  exit 1; fi
	@TALEX_REQUIRE_BROWSER=1 $(PYTHON) -m pytest -m e2e $(OPTIONS) $(TESTS)

check: setup-dev
	@$(PYTHON) -m ruff check $(EXISTING)
	@$(PYTHON) -m ruff format --check $(EXISTING)
	@$(VENV)/bin/lint-imports --no-cache
	@$(PYTHON) -m mypy talex
	@DJANGO_SETTINGS_MODULE=talex.settings.test $(PYTHON) -m django makemigrations --check --dry-run
	@$(PYTHON) -m talex.core.catalogues check

# BENCH=meetings runs one of them.
BENCH ?= $(filter-out __init__,$(notdir $(basename $(wildcard bench/*.py))))
bench: setup-dev
	@for name in $(BENCH); do echo "== $$name"; $(PYTHON) -m bench.$$name; done

# --- Keeping --------------------------------------------------------------------------------

messages: setup
	@$(PYTHON) -m talex.core.catalogues extract
	@$(PYTHON) -m talex.core.catalogues compile

UV = $(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
  --no-emit-index-url --no-annotate --custom-compile-command "make lock" $(UV_OPTIONS)

# UV_OPTIONS=--upgrade takes the newest of everything; without it only what pyproject.toml changed.
lock: setup-dev
	@$(UV) pyproject.toml -o requirements/runtime.txt
	@$(UV) pyproject.toml --extra dev -o requirements/dev.txt
	@printf "hatchling\neditables\n" | $(UV) - -c requirements/dev.txt -o requirements/build.txt

clean:
	rm -rf $(VENV) .ruff_cache .mypy_cache .import_linter_cache .hypothesis screenshots build dist
	find talex tests bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	find talex -name '*.mo' -delete
