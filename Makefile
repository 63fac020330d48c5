# "make run" serves the example vocabularies, "make test" checks everything; both make .venv first.
PYTHON ?= python3
.DEFAULT_GOAL := run

.venv/installed: pyproject.toml package-lock.json hatch_build.py vocab_server/translations/sv/LC_MESSAGES/messages.po
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --upgrade pip
	.venv/bin/python -m pip install --quiet --editable .
	touch $@

.venv/tested: .venv/installed
	.venv/bin/python -m pip install --quiet --editable '.[test]'
	touch $@

.PHONY: run test bench
run: .venv/installed
	.venv/bin/vocab-server serve --load

test: .venv/tested
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/python -m pytest --numprocesses 2 --dist loadfile -m "not alone"
	.venv/bin/python -m pytest -m alone

bench: .venv/tested
	.venv/bin/vocab-server bench
