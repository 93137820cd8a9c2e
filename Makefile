# One short command per chore. `make` alone lists them.

PORT ?=
CHAT = .venv/bin/atelier chat $(if $(PORT),--port $(PORT))
# The pins were resolved on 3.11 and nobody has tried them past 3.13; pyproject.toml says the same.
FIND_PYTHON = for p in python3.11 python3.12 python3.13 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done

.PHONY: help install chat test lint bench eval starter clean
.DEFAULT_GOAL := help

help: ## list the chores
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/.installed ## make .venv and install the pinned packages

chat: .venv/.installed ## open the studio in the browser (PORT=8000)
	@$(CHAT)

test: .venv/.installed-dev ## run every test
	@.venv/bin/python -m pytest -n 2 --dist loadfile

lint: .venv/.installed-dev ## check style, names and types
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy

bench: .venv/.installed-dev ## measure what the README promises (ONLY=search SIZE=100000 DATA=prompts.csv KEEP=folder)
	@PYTHONPATH=tests .venv/bin/python -m benchmarks $(if $(ONLY),--only '$(ONLY)') $(if $(SIZE),--size $(SIZE)) $(if $(DATA),--data '$(DATA)') \
		$(if $(REWRITES),--rewrites '$(REWRITES)') $(if $(PICTURES),--pictures '$(PICTURES)') $(if $(KEEP),--keep '$(KEEP)') $(if $(RUNS),--runs $(RUNS))

eval: .venv/.installed-dev ## play and judge scripted conversations (ONLY=style MODEL=guide)
	@PYTHONPATH=tests .venv/bin/python -m evaluation $(if $(ONLY),--only '$(ONLY)') $(if $(MODEL),--model $(MODEL)) $(if $(QUICK),--quick)

starter: .venv/.installed ## make the built-in models again, from nothing (MINUTES=600; resumable)
	@.venv/bin/python -m starter.train all --minutes $(or $(MINUTES),600)
	@.venv/bin/python -m starter.collection
	@.venv/bin/python -m starter.evaluate

clean: ## remove .venv and what tools leave behind; your data stays
	rm -rf .venv .files *.egg-info build .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp stands for "installed from exactly these two files": the second start installs nothing.

.venv/bin/python:
	@python="$$($(FIND_PYTHON))"; \
	if [ -z "$$python" ]; then \
		echo "Atelier needs Python 3.11, 3.12 or 3.13 with venv (its packages are pinned for these), and found none. On Debian: sudo apt install python3 python3-venv; elsewhere: https://www.python.org/downloads" >&2; exit 1; \
	fi; \
	echo "Making .venv with $$("$$python" --version) …"; "$$python" -m venv .venv || { rm -rf .venv; exit 1; }  # half a .venv would pass for a whole one

.venv/.installed: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing the pinned packages; this takes some minutes, once …"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.installed-dev: .venv/.installed
	@echo "Installing what the tests and checks need …"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
