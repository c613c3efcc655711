# Every habit of the project is a target here; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench screenshots package lock clean

BIN := .venv/bin
LOCK := build/lock
UV_COMPILE := $(LOCK)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## put the locked packages and the program into .venv
	@PYTHON="$(PYTHON)" sh packaging/setup.sh

run: setup ## open the window
	@$(BIN)/python packaging/preflight.py window
	@$(BIN)/trackscope

test: setup ## run all tests; no display is needed (ARGS="tests/wire -k time" for some)
	@$(BIN)/python packaging/preflight.py tests
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(ARGS)

check: setup ## format, lint, types, imports, dead code: all of them, also after one has failed
	@status=0; \
	for tool in "ruff format --check" "ruff check" mypy lint-imports vulture; do \
		echo "--- $$tool"; $(BIN)/$$tool || status=1; \
	done; exit $$status

format: setup ## format the code and mend what the linter can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: setup ## measure against the peers, both sides in one run
	$(BIN)/python tests/bench/run.py

screenshots: setup ## every workspace and state, light and dark, into build/screenshots
	@$(BIN)/python packaging/preflight.py tests
	QT_QPA_PLATFORM=offscreen $(BIN)/python tests/gui/screenshots.py build/screenshots
	QT_QPA_PLATFORM=offscreen $(BIN)/python tests/gui/traffic_gallery.py build/screenshots/traffic
	QT_QPA_PLATFORM=offscreen $(BIN)/python tests/gui/live_gallery.py build/screenshots/live

package: setup ## build the wheel into dist/
	$(BIN)/hatchling build -t wheel -d dist

lock: ## lock the newest versions that pyproject.toml allows
	@test -x $(LOCK)/bin/uv || python3 -m venv $(LOCK)
	@$(LOCK)/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(UV_COMPILE) --upgrade pyproject.toml -o packaging/requirements/run.txt
	$(UV_COMPILE) --upgrade pyproject.toml --group build --group test --group check \
		-c packaging/requirements/run.txt -o packaging/requirements/dev.txt

clean: ## remove everything that was built, .venv included
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find app tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +
