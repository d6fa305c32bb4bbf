# `make claims`, `make explore` and `make test` need Python 3.11 or newer and a package registry, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# A process for each core. Tests of one group, such as those in a browser, keep to one process;
# claims about one model follow each other, so that hardly any process loads a model a second time.
PARALLEL ?= -n auto --dist loadgroup
CLAIMS ?= -n auto --dist worksteal

.PHONY: claims explore test test-quick nightly lint docs bench clean

claims: $(INSTALLED)
	$(BIN)/pytest $(CLAIMS) claims

explore: $(INSTALLED)
	$(BIN)/aelatent explore

test: $(INSTALLED)
	$(BIN)/pytest $(PARALLEL)

test-quick: $(INSTALLED)
	$(BIN)/pytest $(PARALLEL) -m "not slow"

nightly: $(INSTALLED)
	$(BIN)/pytest $(PARALLEL) -m hypothesis --hypothesis-profile nightly

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(INSTALLED)
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs site

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks

# Rebuilt only when the list of packages changes.
$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "expected Python 3.11 or newer, received $$($(PYTHON) --version). Try: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(INSTALLED)

clean:
	rm -rf $(VENV) reports site .aelatent
