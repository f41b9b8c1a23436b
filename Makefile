# Needs Python 3.11 or later with venv and pip, and make; nothing else. `make run` is the whole tour.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
STAMP := $(VENV)/.set-up
REPLICATIONS ?= 2
WORKERS ?= 2

.PHONY: help setup run test app reference bench lock calibration results library
.DEFAULT_GOAL := help

help: ## say what there is to make
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

setup: $(STAMP) ## a .venv with the locked packages and the sortie command

# The lock holds a hash for every file: pip refuses any other. `--no-deps` and `--no-build-isolation` keep the
# installation of sortie itself from fetching anything outside the lock.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "sortie needs Python 3.11 or later; '$(PYTHON)' is not. Try: make setup PYTHON=python3.11" >&2; exit 1; }
	@echo "Setting up $(VENV) from requirements.lock (about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/sortie compile
	@touch $@

run: setup ## the baseline and "fill the vacant posts", at full national scale, compared
	$(BIN)/sortie run baseline fill_vacant_posts --replications $(REPLICATIONS) --workers $(WORKERS)

test: setup ## what CI runs: format, lint, types, layers, tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	@# Both parts run, whatever the first one finds.
	@failed=; \
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile -m "not slow and not benchmark and not alone" || failed=1; \
	$(BIN)/python -m pytest -q -m "alone and not slow and not benchmark" || failed=1; \
	test -z "$$failed"

app: setup ## the explorer, in a browser
	$(BIN)/streamlit run app.py

reference: setup ## what the explorer shows, made anew: every shipped scenario and sweep, at full national scale
	$(BIN)/sortie reference --workers $(WORKERS)

bench: setup ## time and memory, against SimPy, the textbook's form and other packages (PEERS=a Python that has them)
	$(BIN)/python benchmarks/bench.py $(if $(PEERS),--peers $(PEERS))

lock: setup ## resolve the dependencies anew into requirements.lock (hashes, no host name)
	$(PIP) install "uv>=0.9,<0.14"
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--all-extras pyproject.toml --output-file requirements.lock

calibration: setup ## fit the practices, test the past, say what moves what, write docs/validation.md (under two hours; resumes)
	$(BIN)/sortie calibrate --workers $(WORKERS)
	$(BIN)/sortie backtest --draws 20 --workers $(WORKERS)
	$(BIN)/sortie sensitivity --workers $(WORKERS)
	$(BIN)/sortie validate --page docs/validation.md --figures results/reference/validation.json

results: setup ## the notebooks and their page, from the figures in git (nothing is simulated)
	$(BIN)/python results/make.py

library: setup ## every policy of the library, small (QUICK=) or in full: make library QUICK=--quick
	$(BIN)/sortie library $(QUICK) --workers $(WORKERS)
