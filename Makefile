# Two commands do everything, set-up included: `make run` and `make test`.
PYTHON ?= python3
SAMPLE := build/sample.whowas
# Some of the tests: make test TESTS="tests/unit tests/desktop"
TESTS ?=

.PHONY: install run test test-faults bench bench-10m lint dist dist-twice

install: .venv/installed

.venv/installed: packaging/requirements-dev.txt pyproject.toml
	@$(PYTHON) packaging/system_packages.py install
	.venv/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	.venv/bin/python -m pip install --quiet --require-hashes -r packaging/requirements-dev.txt
	.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dist-tools: packaging/requirements-dist.txt .venv/installed
	.venv/bin/python -m pip install --quiet --require-hashes -r packaging/requirements-dist.txt
	@touch $@

run:
	@$(PYTHON) packaging/system_packages.py run
	@$(MAKE) --no-print-directory install
	@mkdir -p build
	@test -e $(SAMPLE) || .venv/bin/whowas sample $(SAMPLE)
	.venv/bin/whowas $(SAMPLE)

# In two processes, which share the tests as tests/side_by_side.py says. Without the checks of each memory allocation that
# "-X dev" brings, which take up to a fifth of the time of some tests: test-faults makes them.
SIDE_BY_SIDE := --dist loadfile --tx "2*popen//python=.venv/bin/python -X dev"
test:
	@$(PYTHON) packaging/system_packages.py test
	@$(MAKE) --no-print-directory lint .venv/dist-tools
	PYTHONMALLOC=pymalloc .venv/bin/python -X dev -m pytest $(SIDE_BY_SIDE) $(TESTS)

test-faults:
	@$(PYTHON) packaging/system_packages.py test
	@$(MAKE) --no-print-directory .venv/dist-tools
	EVERY_FAULT=1 .venv/bin/python -X dev -m pytest tests/faults tests/distribution/test_shared_on_debian.py
	HYPOTHESIS_PROFILE=thorough .venv/bin/python -m pytest -m hypothesis --timeout=3600 tests/unit tests/properties

lint: .venv/installed
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: .venv/dist-tools
	@$(PYTHON) packaging/system_packages.py test
	@$(PYTHON) packaging/system_packages.py dist
	.venv/bin/python -m tests.benchmarks

# Of ten million changes. Apart from the others, as making them and opening them takes very long, and gigabytes.
bench-10m: .venv/installed
	@$(PYTHON) packaging/system_packages.py test
	.venv/bin/python -m tests.benchmarks scrub_10m_p99_ms

dist:
	@$(PYTHON) packaging/system_packages.py dist
	@$(MAKE) --no-print-directory .venv/dist-tools
	.venv/bin/python packaging/dist.py

dist-twice: dist
	.venv/bin/python packaging/dist_twice.py
