# `make run` starts the app and `make test` proves it. On the machine they need make and
# Python 3.11, 3.12 or 3.13; everything else they put into .venv.

HOST = localhost
PORT = 8501
ARGS =

UV_VERSION = 0.13.9
PYTHON = $(shell for python in python3.11 python3.12 python3.13 python3 python; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& { echo $$python; break; }; done)
BIN = .venv/bin
UV = $(BIN)/uv

.PHONY: run test acceptance scale bench pretrain shelf check types lock clean chromium

run: .venv/app  ## start the app, here or with HOST=0.0.0.0 PORT=80
	$(BIN)/streamlit run app.py --server.headless true --server.address $(HOST) --server.port $(PORT)

test: .venv/tests tests/js/node_modules chromium  ## every test, in two processes; ARGS go to pytest
	@$(BIN)/python -m pytest --numprocesses 2 --no-loadscope-reorder $(ARGS)

acceptance: .venv/scale  ## train to the published figures, the longer journeys in the browser, and scale; takes long
	@$(BIN)/python -m pytest -m acceptance $(ARGS)

scale: .venv/scale  ## two servers and two workers on PostgreSQL and an object store, behind a proxy; some are killed
	@$(BIN)/python -m pytest -m acceptance tests/scale $(ARGS)

bench: .venv/tests chromium  ## measure, into .bench/results.json; ARGS name the benchmarks, and --minutes
	$(BIN)/python tests/benchmarks $(ARGS)

pretrain: .venv/app  ## train the pretrained forecaster on made-up series; ARGS="stack" or "pure", --steps, --minutes
	$(BIN)/python -m components.training.pretraining $(ARGS)

shelf: .venv/tests  ## train the finished runs that come with Unroll, where a recipe changed; ARGS name cards, --minutes
	$(BIN)/python tests/engine/make_shelf.py $(ARGS)

check: .venv/tests tests/js/node_modules  ## lint, format, types and walls, changing nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/node tests/js/node_modules/typescript/bin/tsc --project tests/js

types: .venv/tests tests/js/node_modules  ## generate the types of what the scripts fetch from its model
	$(BIN)/python -m tests.js.points_types

lock: $(UV)  ## pin what pyproject.toml asks for, for every Python and system it may run on
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 -o requirements.txt
	$(UV) pip compile pyproject.toml --extra test -c requirements.txt --universal --python-version 3.11 -o tests/requirements.txt
	$(UV) pip compile pyproject.toml --extra test --extra scale -c tests/requirements.txt --universal --python-version 3.11 -o tests/scale/requirements.txt

clean:
	rm -rf .venv .bench .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results tests/js/node_modules

# --- The environment: made once, and brought up to date when a requirements file changes ------------

$(UV):
	@test -n "$(PYTHON)" || { echo "Unroll needs Python 3.11, 3.12 or 3.13; none was found."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/app: requirements.txt | $(UV)
	$(UV) pip install --compile-bytecode --python $(BIN)/python -r requirements.txt
	@touch $@

.venv/tests: tests/requirements.txt | $(UV)
	$(UV) pip install --compile-bytecode --python $(BIN)/python -r tests/requirements.txt
	@touch $@ .venv/app

.venv/scale: tests/scale/requirements.txt | .venv/tests
	$(UV) pip install --compile-bytecode --python $(BIN)/python -r tests/scale/requirements.txt
	@touch $@

# Node.js itself is a package of tests/requirements.txt.
tests/js/node_modules: tests/js/package-lock.json | .venv/tests
	$(BIN)/npm ci --prefix tests/js --ignore-scripts --no-audit --no-fund
	@touch $@

# The browser tests take a Chromium without a window, or one with, that is here; else Debian's, else Playwright's own.
chromium: .venv/tests
	@if command -v chromium-headless-shell >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-liberation; \
	elif command -v chromium >/dev/null; then :; \
	else $(BIN)/playwright install --only-shell chromium; fi
