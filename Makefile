# Carrel. `make help` lists what there is.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# CUDA=1, METAL=1, VULKAN=1 or CPU=1 choose what the engine computes on; the choice stays until
# another one is made.
BACKEND := $(if $(CUDA),cuda,$(if $(METAL),metal,$(if $(VULKAN),vulkan,$(if $(CPU),cpu))))

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

# On Linux a window needs a display; macOS and Windows have one.
ifeq ($(shell uname -s),Linux)
HAS_DISPLAY := $(DISPLAY)$(WAYLAND_DISPLAY)
else
HAS_DISPLAY := yes
endif

SETUP := installers/setup_environment.py $(if $(BACKEND),--backend $(BACKEND))
PYTEST := QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

.PHONY: help run setup test check format bench screens docs lock licences clean

help: ## List these targets.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'
	@echo "  CUDA=1, METAL=1, VULKAN=1 or CPU=1 with run, setup or test choose the engine's backend."

run: setup ## Open the window; without a display, show the same journey in the terminal.
ifeq ($(HAS_DISPLAY),)
	@$(BIN)/python -m desktop demo
else
	@$(BIN)/python -m desktop
endif

# PYTHON=... makes the environment with that Python. The environment's own answers fastest whether there is anything to do at all.
setup: ## Make .venv, build the engine, fetch the models; nothing when all is there.
	@export PYTHON="$(PYTHON)"; if ! $(BIN)/python -S $(SETUP) --check 2>/dev/null; then python=$$(sh installers/find_python.sh) && "$$python" $(SETUP); fi

test: setup ## Run all tests.
	@$(PYTEST)

check: setup ## Lint, formatting, types and import contracts.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: setup ## Format the code and fix what can be fixed by itself.
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: setup ## Measure speed and retrieval quality on this machine.
	@$(PYTEST) -m bench -s

screens: setup ## Render the window, both themes, into docs/screens.
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.screens docs/screens

docs: setup ## Write docs/cli.md anew from the commands themselves.
	@CARREL_WRITE_DOCS=1 $(PYTEST) -q tests/unit/cli/test_reference.py

lock: setup ## Write the lock file anew from pyproject.toml (needs uv; UV=, TORCH_WHEELS=, UPGRADE=1).
	@$(BIN)/python installers/update_lock.py --uv "$(or $(UV),uv)" --torch-wheels "$(TORCH_WHEELS)" $(if $(UPGRADE),--upgrade)

licences: setup ## Write the lists of packages and licences anew from what is installed.
	@$(BIN)/python installers/package_licences.py

clean: ## Remove what was built and installed; models and your data stay.
	rm -rf .venv .cache build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find desktop tests installers -name __pycache__ -prune -exec rm -rf {} +
