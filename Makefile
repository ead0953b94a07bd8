# What one does with CTC Post; `make help` lists it.

PYTHON ?= python3
UV ?= uv
# Processes that run tests side by side.
WORKERS ?= logical

# How long `make faults` goes on, each fault at least once; with SEED it repeats an earlier run, with ONLY it plays the
# faults of these names (F1, or F1,F4), with ROUNDS so many rounds of each.
faults: MINUTES ?= 60
# What `make simulate` plays; with SEED the parcels of an earlier run, with RAMP a load that is raised. DOCS=1 keeps the
# figures in docs/, and with RAMP draws the load on the page of performance.
simulate: LEVEL ?= pilot
simulate: MINUTES ?= 10
simulate: SPEED ?= 1

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --no-deps --require-hashes --disable-pip-version-check
LOCK := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header -q pyproject.toml
ALL_EXTRAS := --extra tracing --extra onebox --extra develop

# Where it is set, each of the hundreds of processes that tests start compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install check fix test test-fast test-long faults up down demo simulate lock snapshots bench

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(VENV)/.develop ## the environment for work on the code, from pinned packages with hashes

up: $(VENV)/.onebox ## run the whole post office here until Ctrl-C; its data stay in .local
	@$(BIN)/python -m onebox up

down: $(VENV)/.onebox ## stop the post office that runs here
	@$(BIN)/python -m onebox down

demo: $(VENV)/.onebox ## walk three parcels through their lives, in the post office that runs here or in one started for it
	@$(BIN)/python -m onebox demo

simulate: $(VENV)/.onebox $(if $(DOCS),$(VENV)/.bench) ## play a peak hour of LEVEL (pilot, nation) for MINUTES, at SPEED, against what runs here; RAMP=1
	@$(BIN)/python -m onebox simulate --level $(LEVEL) --minutes $(MINUTES) --speed $(SPEED) \
		$(if $(SEED),--seed $(SEED)) $(if $(RAMP),--ramp) \
		$(if $(DOCS),--figures docs/$(if $(RAMP),load,peak_hour).json)
	$(if $(DOCS),@$(BIN)/python -m bench.plots)

test: check ## everything it needs, then all checks and all tests
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8 -m "not system and not faults and not long"
	$(BIN)/python -m pytest -m system
	$(BIN)/python -m pytest -m "faults and not long"

test-fast: $(VENV)/.develop ## the tests that need no server
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8 -p no:schemathesis --ignore tests/system \
		-m "not system and not faults and not long and not servers and not histories"

test-long: $(VENV)/.develop ## the tests of the whole again, and what takes longer than CI may
	$(BIN)/python -m pytest -m "system or faults or long"

faults: $(VENV)/.develop ## hurt the services for MINUTES, by chance from SEED; a row of the ledger for each fault
	$(BIN)/python -m tests.faults $(if $(SEED),--seed $(SEED)) --minutes $(MINUTES) $(if $(ONLY),--only "$(ONLY)") \
		$(if $(ROUNDS),--rounds $(ROUNDS))

check: $(VENV)/.develop ## lint, format, types, import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports

fix: $(VENV)/.develop ## repair what ruff can repair
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

snapshots: $(VENV)/.develop ## write docs/contracts, docs/rights.md, docs/problems and docs/search.md anew
	$(BIN)/python -m tests.contracts.refusals
	$(BIN)/python -m tests.contracts.snapshots
	$(BIN)/python -m tests.access.rights_page
	$(BIN)/python -m tests.contracts.problem_pages
	$(BIN)/python -m tests.contracts.search_page

bench: $(VENV)/.bench ## measure against the bare libraries, write docs/performance.*; METRICS="P3 P4" measures some
	$(BIN)/python -m bench $(METRICS)
	$(BIN)/python -m bench.plots

lock: ## pin the packages anew; needs uv
	@command -v $(UV) > /dev/null || { echo "make lock needs uv: install it, or name it (make lock UV=...)."; exit 1; }
	$(LOCK) $(ALL_EXTRAS) -o requirements/develop.txt
	$(LOCK) --extra tracing --extra onebox -c requirements/develop.txt -o requirements/onebox.txt
	$(LOCK) --extra tracing -c requirements/develop.txt -o requirements/services.txt
	$(LOCK) $(ALL_EXTRAS) --extra bench -c requirements/develop.txt -o requirements/bench.txt

$(VENV)/.develop: requirements/develop.txt | $(BIN)/python
	@$(call INSTALL_FROM,$<,$@)
	@touch $(VENV)/.onebox

$(VENV)/.bench: requirements/bench.txt | $(BIN)/python
	@$(call INSTALL_FROM,$<,$@)
	@touch $(VENV)/.develop $(VENV)/.onebox

$(VENV)/.onebox: requirements/onebox.txt | $(BIN)/python
	@$(call INSTALL_FROM,$<,$@)

$(BIN)/python:
	@command -v $(PYTHON) > /dev/null || { \
		echo "There is no $(PYTHON) here: install Python 3.11 or newer, or name one (make PYTHON=...)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$$($(PYTHON) -V) is too old: install Python 3.11 or newer, or name one (make PYTHON=...)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment: install its venv module (Debian: python3-venv)."; exit 1; }
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

# Says how far it is, and every word of what goes wrong; the stamp is there only if all went well.
INSTALL_FROM = rm -f $(2); all=$$(grep -c == $(1)); echo "Installing the $$all packages of $(1)"; \
	{ $(INSTALL) -r $(1) 2>&1 && touch $(2); } | awk -v all="$$all" \
	'/^Collecting/ && ++n % 10 == 0 { print "  " n " of " all } /^Installing/ { print "  all here, unpacking them" } \
	/^(ERROR|WARNING|error)/ { print } { fflush() }'; test -f $(2) || { $(INSTALL_FAILED); }

INSTALL_FAILED = echo "The packages could not be installed: see the lines above for the package index, disk or platform" \
	"that stands in the way, then run the same command again."; exit 1
