# make demo: a sample from YAML to a playable MP4, free, no account.  make test: lint, types, contracts, tests.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTHONS ?= python3.11 python3.12 python3.13 python3.14
# What differs from one Python to the next: processes, threads, terminals, SQLite, PyAV, Pydantic.
QUICK := tests/test_cores.py tests/test_schemas.py tests/cli/test_check.py tests/cli/test_terminal.py \
	tests/jobs/test_ledger.py tests/jobs/test_sending.py tests/preview/test_films.py tests/sandbox/test_socket.py \
	tests/submitting tests/tui/test_folder.py tests/tui/test_smoke.py

.PHONY: help demo test quick pythons bench soak dist docs clean

help:
	@echo "make demo    install here, submit a sample to the sandbox, show its video"
	@echo "make test    install what tests need; lint, types, contracts, tests"
	@echo "make quick   types, and the tests of what differs between Pythons"
	@echo "make pythons make quick on each of PYTHONS=\"$(PYTHONS)\" that is here"
	@echo "make bench   measure against other programs, as ratios within one run"
	@echo "make soak    die and sleep at every point under every fault, in many more storms than make test, and on a farm (three quarters of an hour)"
	@echo "make docs    the documentation as a site, in build/docs; needs no network once installed"
	@echo "make dist    build sdist and wheel into dist/, install them in clean environments, try them"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "venv is missing; on Debian: apt install python3-venv"; exit 1; }

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]'
	@touch $@

$(VENV)/.installed-test: tests/requirements.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]' --requirement tests/requirements.txt
	@touch $@

demo: $(VENV)/.installed
	@echo "A sample, from YAML to video, in the sandbox: free, no account."
	@$(BIN)/storyboard submit samples/lighthouse.storyboard.yaml --sandbox
	@echo
	@echo "Your video lies in the place named above: an animatic that shows the timing of the shots."
	@echo "Next:"
	@echo "  $(BIN)/storyboard new film                                   begin your own: film.storyboard.yaml"
	@echo "  $(BIN)/storyboard edit film.storyboard.yaml                  write in it, in this terminal"
	@echo "  $(BIN)/storyboard check film.storyboard.yaml                 see what is wrong or weak"
	@echo "  $(BIN)/storyboard submit film.storyboard.yaml --sandbox      see its timing, free"
	@echo "  export RUNWARE_API_KEY=...                                   then leave --sandbox out to pay for the real one"

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -n 3

quick: $(VENV)/.installed-test
	@$(BIN)/python -VV
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2 $(QUICK)

pythons:
	@for python in $(PYTHONS); do \
		if version=$$($$python -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null); then \
			$(MAKE) --no-print-directory VENV=.venv-$$version PYTHON=$$python quick || exit 1; \
		else \
			echo "NOT TESTED: there is no $$python here"; \
		fi; \
	done

bench: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks

soak: $(VENV)/.installed-test
	STORYBOARD_SOAK=1 $(BIN)/pytest -n 2 tests/jobs/test_kills_and_faults.py tests/jobs/test_storms.py \
		tests/jobs/test_sleep.py tests/jobs/test_repeats.py
	STORYBOARD_SOAK=1 $(BIN)/pytest -s tests/farm

dist: $(VENV)/.installed-test
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist
	STORYBOARD_DIST=dist $(BIN)/pytest tests/packaging

$(VENV)/.installed-docs: docs/requirements.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement docs/requirements.txt
	@touch $@

docs: $(VENV)/.installed-docs
	$(BIN)/sphinx-build --quiet --fail-on-warning -d build/doctrees docs build/docs
	@echo "build/docs/index.html"

clean:
	rm -rf $(VENV) .venv-* renders dist build
