# Warm Handoff: `make demo` serves it, `make test` proves it, `make clean` removes all they made.
#
# Needed: Linux or macOS, Python 3.11 or newer, make. PORT= and DATA= say where the demonstration serves and
# keeps its data; PYTHON= names another Python.

PORT ?= 8000
DATA ?= build/demo
VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
    $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# What runs without a server or a secret of its own: the checks of code, of types and of documents.
OFFLINE = env SECRET_KEY=checks-only MASTER_KEYS=checks:$(shell printf '%043d=' 0) WARM_HANDOFF_DEMO=no \
    DATABASE_URL=postgresql://nobody@127.0.0.1/none
IN = $(VENV)/bin
PYTEST = $(IN)/python -m pytest

.PHONY: demo test bench mutants scan lint types docs unit journeys browser requirements clean help
.DEFAULT_GOAL := help

help:
	@echo "make demo    serve the demonstration on http://127.0.0.1:$(PORT)   (PORT=, DATA=)"
	@echo "make test    lint, types, documents, tests, browser journeys"
	@echo "make bench   the speed of its pages, as ratios to a bare one   (QUICK=1: fewer rounds)"
	@echo "make mutants what the verifier says of every small change of the shipped rules (minutes)"
	@echo "make scan    what a scanner finds, signed in as each of three  (MINUTES=10 each, WHO=admin)"
	@echo "make clean   remove all that these made"

# ---- the demonstration ------------------------------------------------------------------------------------
demo: $(VENV)/installed-product
	@exec $(IN)/python manage.py demo --port '$(PORT)' --data '$(DATA)'

# ---- the proof --------------------------------------------------------------------------------------------
# The parts also run alone. The tests come last: their count is the last line.
test: lint types docs browser
	$(PYTEST) -n auto --dist worksteal

lint: $(VENV)/installed-tests
	$(IN)/ruff check .
	$(IN)/ruff format --check .
	$(OFFLINE) $(IN)/lint-imports
	$(IN)/python -m tests.rules.bandit

types: $(VENV)/installed-tests
	$(OFFLINE) $(IN)/python -m mypy

docs: $(VENV)/installed-tests
	$(OFFLINE) $(IN)/python manage.py draw_workflow --check

unit: $(VENV)/installed-tests
	$(PYTEST) -n auto --dist worksteal --ignore tests/journeys

journeys: $(VENV)/installed-tests browser
	$(PYTEST) tests/journeys

browser: $(VENV)/installed-tests
	@$(IN)/python -m tests.browser

# ---- the speed --------------------------------------------------------------------------------------------
# Writes build/bench.json; fails where a limit is passed. QUICK=1 takes fewer rounds and audit entries, PEER=1
# measures django-survey-and-report in the same rounds, in an environment of its own.
bench: $(VENV)/installed-tests $(if $(PEER),build/peer-venv/installed)
	@exec $(IN)/python -m bench $(if $(QUICK),--quick) $(if $(PEER),--peer build/peer-venv/bin/python)

build/peer-venv/installed: requirements/peer.txt
	@PYTHON='$(PYTHON)' VENV=build/peer-venv sh requirements/install peer
	@touch $@

# ---- every small change of the rules -----------------------------------------------------------------------
# Writes docs/mutants.md; fails if a change is neither told apart nor proved equal. Takes some minutes.
mutants: $(VENV)/installed-tests
	@exec $(IN)/python -m tests.verification.mutants

# ---- the attack -------------------------------------------------------------------------------------------
# Starts a demonstration of its own, lets wapiti attack it signed in as each of the three, and ends both;
# fails on anything above information level. At most MINUTES= (10) each; WHO=admin takes one of them.
# Writes build/scan/PERSON.json, .log and demo.log.
scan: $(VENV)/installed-product build/scan-venv/installed
	@exec $(IN)/python -m scan --wapiti build/scan-venv/bin/wapiti $(if $(MINUTES),--minutes '$(MINUTES)') $(WHO)

build/scan-venv/installed: requirements/scan.txt
	@PYTHON='$(PYTHON)' VENV=build/scan-venv sh requirements/install scan
	@touch $@

# ---- what both stand on -----------------------------------------------------------------------------------
# A stamp says what is installed; it is older than a requirements file that has changed since.
$(VENV)/installed-product: requirements/product.txt requirements/verify.txt requirements/embedded.txt
	@PYTHON='$(PYTHON)' VENV='$(VENV)' sh requirements/install product verify
	@touch $@

$(VENV)/installed-tests: requirements/tests.txt requirements/verify.txt requirements/embedded.txt
	@PYTHON='$(PYTHON)' VENV='$(VENV)' sh requirements/install tests verify embedded
	@touch $@

requirements:
	@sh requirements/compile

clean:
	@sh requirements/remove '$(VENV)' '$(DATA)' '$(PYTHON)'
