# One command each; a bare `make` lists them. Needs git, make and Python 3.11 to 3.13 with venv.
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
UV_VERSION := 0.13.9
ASCENT_HOME := ascent-home
SAMPLE := $(ASCENT_HOME)/sample
MONTH := 2026-10

export MLFLOW_DISABLE_TELEMETRY = true
# Importing mlflow without cached bytecode costs every command four seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check docs bench lock clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r call text; do printf '%-12s %s\n' "$$call" "$$text"; done

# sync removes what the lock does not name, so our own editable install follows it.
$(STAMP): requirements.lock pyproject.toml
	python3 -m venv $(VENV)
	$(BIN)/python -m pip install -q uv==$(UV_VERSION)
	$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	touch $@

$(SAMPLE): | $(STAMP)
	rm -rf $@.part
	$(BIN)/ascent sample $@.part --accounts 5000 --months 36 --seed 7
	mv $@.part $@

run: $(STAMP) $(SAMPLE)  ## a sample world, and one month of it published into ascent-home
	$(BIN)/ascent monthly --from $(SAMPLE) --month $(MONTH) --home $(ASCENT_HOME)

test: $(STAMP)  ## the whole test suite
	$(BIN)/python -m pytest

# Every check runs, also after one has failed; the tests come last so that their closing line is seen.
check: $(STAMP)  ## format, lint, types, layers, fresh docs, then the tests; counts what failed
	@failed=0; try() { echo "== $$*"; "$$@" || { failed=$$((failed + 1)); echo "-- failed: $$*"; }; }; \
	try $(BIN)/ruff format --check .; \
	try $(BIN)/ruff check .; \
	try $(BIN)/mypy; \
	try $(BIN)/lint-imports; \
	try $(BIN)/python -m pipelines docs --check; \
	try $(MAKE) --no-print-directory test; \
	echo "== $$failed of 6 checks failed"; test $$failed -eq 0

docs: $(STAMP)  ## write the generated pages (docs/data-dictionary.md)
	$(BIN)/python -m pipelines docs

bench: $(STAMP)  ## fail if anything has become a quarter dearer than the recorded baseline
	$(BIN)/python -m benchmarks.guard

lock: $(STAMP)  ## pin every dependency anew: names, versions and hashes, no addresses
	$(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --extra dev --upgrade -o requirements.lock

clean:  ## remove the environment and the caches; ascent-home stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
