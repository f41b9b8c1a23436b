# Needs Python 3.11 or later with venv and pip, and make; nothing else. `make run` is the whole tour.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
STAMP := $(VENV)/.set-up
DEV := $(VENV)/.set-up-dev
REPLICATIONS ?= 2
WORKERS ?= 2

# Installs a lock into the environment: each file has its hash there, pip refuses any other. What is large is said as it comes.
INSTALL = { $(BIN)/python -m pip --disable-pip-version-check install --require-hashes --progress-bar off -r
SAID = ; echo $$? > $(VENV)/.installed; } | awk '/^ *(Downloading|Using cached) .* MB\)$$/ { \
	sub(/.*\//, "", $$(NF - 2)); sub(/-.*/, "", $$(NF - 2)); print "       ", $$(NF - 2), $$(NF - 1), $$NF; fflush() }'; \
	[ "$$(cat $(VENV)/.installed)" = 0 ] || { echo "pip could not install them (above): is there a network? Without one it needs\
 the files: PIP_NO_INDEX=1 PIP_FIND_LINKS=folder" >&2; exit 1; }

.PHONY: help setup setup-dev run quick required test night app reference bench lock calibration results library
.DEFAULT_GOAL := help

help: ## say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: $(STAMP) ## a .venv with what a user needs (the command, the explorer), nothing to develop with

# `--no-deps` and `--no-build-isolation` keep the installation of sortie itself from fetching anything outside the lock.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "sortie needs Python 3.11 or later; '$(PYTHON)' is not. Try: make setup PYTHON=python3.11" >&2; exit 1; }
	@echo "Setting up $(VENV): one gigabyte: the download, and some two minutes of processor, half of them to compile the engine"
	@echo "  1/4 an environment of its own"
	@$(PYTHON) -m venv $(VENV)
	@date +%s > $(VENV)/.begun
	@echo "  2/4 $$(grep -c == requirements.lock) packages (requirements.lock)"
	@$(INSTALL) requirements.lock $(SAID)
	@echo "  3/4 the sortie command"
	@$(PIP) install --no-deps --no-build-isolation -e .
	@echo "  4/4 the engine, compiled once for this version of the code"
	@$(BIN)/sortie compile
	@echo "Set up in $$((($$(date +%s) - $$(cat $(VENV)/.begun) + 59) / 60)) min: make run, or . $(BIN)/activate"
	@touch $@

setup-dev: $(DEV) ## the same and what a contributor needs: tests, lint, notebooks, calibration

$(DEV): requirements-dev.lock $(STAMP)
	@echo "Adding what contributors need: half a gigabyte (requirements-dev.lock)"
	@$(INSTALL) requirements-dev.lock $(SAID)
	@touch $@

run: setup ## the baseline and "fill the vacant posts", at full national scale, compared
	$(BIN)/sortie run baseline fill_vacant_posts --replications $(REPLICATIONS) --workers $(WORKERS)

# Tests start hundreds of processes: each would compile all that it imports anew.
unexport PYTHONDONTWRITEBYTECODE

# What half a minute can say, on two cores: for after each change.
quick: setup-dev ## in half a minute: lint, layers, types, and more than a thousand tests
	@$(BIN)/ruff format --check --quiet || { echo "make it so with: $(BIN)/ruff format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet
	@$(BIN)/lint-imports > $(VENV)/layers.txt || { cat $(VENV)/layers.txt; exit 1; }
	@$(BIN)/mypy > $(VENV)/types.txt 2>&1 & types=$$!; \
	$(BIN)/python -m pytest @tests/quick.txt; failed=$$?; \
	wait $$types || failed=1; cat $(VENV)/types.txt; exit $$failed

LINT = $(BIN)/ruff format --check && $(BIN)/ruff check && $(BIN)/mypy && $(BIN)/lint-imports --no-cache
# A file of tests is run by one worker; the longest come first (tests/conftest.py), so that none is waited for at the end.
PYTEST = $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

required: setup-dev ## what every change must pass: lint, types, layers, and the tests but those of the night
	$(LINT)
	$(PYTEST) -m "not nightly and not slow and not benchmark"

test: setup-dev ## before a merge: lint, types, layers, and the tests but the longest
	$(LINT)
	$(PYTEST) -m "not slow and not benchmark"

night: setup-dev ## everything: `make test`, and the tests that take longest (marked slow)
	$(LINT)
	$(PYTEST) -m "not benchmark" --hypothesis-profile=night

app: setup ## the explorer, in a browser
	$(BIN)/streamlit run app.py

reference: setup ## what the explorer shows, made anew: every shipped scenario and sweep, at full national scale
	$(BIN)/sortie reference --workers $(WORKERS)

bench: setup-dev ## time and memory, against SimPy, the textbook's form and other packages (PEERS=a Python that has them)
	$(BIN)/python benchmarks/bench.py $(if $(PEERS),--peers $(PEERS))
	$(BIN)/python -m pytest -q -n 0 -m benchmark

# Everything first, then what users need out of the same versions. In an environment of its own: uv is for nothing else.
RESOLVE = $(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml
lock: ## resolve the dependencies anew into requirements.lock and requirements-dev.lock (hashes, no host name)
	@$(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip --quiet --quiet --disable-pip-version-check install "uv>=0.9,<0.14"
	$(RESOLVE) --upgrade --all-extras --output-file requirements-dev.lock
	$(RESOLVE) --upgrade --extra app --extra build --constraint requirements-dev.lock --output-file requirements.lock

calibration: setup-dev ## fit the practices, test the past, say what moves what, write docs/validation.md (under two hours; resumes)
	$(BIN)/sortie calibrate --workers $(WORKERS)
	$(BIN)/sortie backtest --draws 20 --workers $(WORKERS)
	$(BIN)/sortie sensitivity --workers $(WORKERS)
	$(BIN)/sortie validate --page docs/validation.md --figures results/reference/validation.json

results: setup-dev ## the notebooks and their page, from the figures in git (nothing is simulated)
	$(BIN)/python results/make.py

library: setup ## every policy of the library, small (QUICK=) or in full: make library QUICK=--quick
	$(BIN)/sortie library $(QUICK) --workers $(WORKERS)
