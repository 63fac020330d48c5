# "make run" serves the example vocabularies, "make test" checks everything; both make .venv first.
PYTHON ?= python3
.DEFAULT_GOAL := run
# Hundreds of processes start in the tests: none needs to compile again what another has compiled.
export PYTHONDONTWRITEBYTECODE :=

.venv/installed: pyproject.toml package-lock.json hatch_build.py vocab_server/translations/sv/LC_MESSAGES/messages.po
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --upgrade pip
	.venv/bin/python -m pip install --quiet --editable .
	touch $@

.venv/tested: .venv/installed
	.venv/bin/python -m pip install --quiet --editable '.[test]'
	touch $@

.venv-tools/installed: Makefile
	$(PYTHON) -m venv .venv-tools
	.venv-tools/bin/python -m pip install --quiet cyclonedx-bom pip-audit
	touch $@

.PHONY: run test bench faults sbom audit
run: .venv/installed
	.venv/bin/vocab-server serve --load

test: .venv/tested
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder -m "not alone"
	.venv/bin/python -m pytest -m alone

bench: .venv/tested
	.venv/bin/vocab-server bench

# All that can go wrong with disk, memory, files and clock; takes some minutes.
faults: .venv/tested
	.venv/bin/python -m pytest -m faults --faults=full

# What it is made of (CycloneDX), and whether holes in that are known (asks the package index).
sbom: .venv/installed .venv-tools/installed
	.venv-tools/bin/cyclonedx-py environment .venv --pyproject pyproject.toml --output-file sbom.json

audit: .venv/installed .venv-tools/installed
	.venv/bin/python -m pip freeze --exclude-editable > .venv-tools/installed.txt
	.venv-tools/bin/pip-audit --requirement .venv-tools/installed.txt --no-deps --disable-pip
