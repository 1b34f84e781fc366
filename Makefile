# Everything a newcomer needs: `make run` for a first release, `make test` for the proof that it works.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install run test score train lint docs lock clean

help: ## show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "evpact needs Python 3.11 or newer, $(PYTHON) is older: name another with make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "$(PYTHON) cannot make environments: install its venv module (Debian: apt install python3-venv)."; exit 1; }
	@echo "Installing evpact and what it needs into $(VENV) (once, a few minutes, 1.8 GB) …"
	@# The lock is complete: nothing is resolved, which also spares older pips a fault of theirs with extras.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

install: $(INSTALLED) ## create the environment

run: $(INSTALLED) ## read the bundled articles and publish a release
	@$(BIN)/evpact run

test: $(INSTALLED) lint ## lint, type check and run all tests
	@$(BIN)/pytest -q --numprocesses=auto --dist=loadgroup

score: $(INSTALLED) ## how well extraction agrees with the labelled articles, and where not
	@$(BIN)/python -m benchmarks.score

train: $(INSTALLED) ## train the models of names and pairs anew on training/deals
	@$(BIN)/python -m training.train

lint: $(INSTALLED) ## lint, format check, type check, import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: $(INSTALLED) ## write the generated pages of docs/ anew
	@$(BIN)/python -m docs.generate

lock: ## resolve requirements.lock anew (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --group dev pyproject.toml -o requirements.lock

clean: ## remove the environment and all caches; releases in output/ stay
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
