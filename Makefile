# `make bulletin` and `make test` do all their own set-up; they need Python 3.11+ and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STATION ?= demo
# parallel tests, one process more than cores, because some tests wait; a free process takes the next test
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
SIDE_BY_SIDE = -n $$(( $(CORES) < 4 ? $(CORES) + 1 : 4 )) --dist worksteal
# temporary folders of the tests in memory that has room and may hold programs: on a disk, archives mostly wait
IN_MEMORY = $(shell p=$$(mktemp /dev/shm/room.XXXXXX 2>/dev/null) || exit 0; chmod +x $$p; \
  [ "$$(df -Pm /dev/shm | awk 'NR == 2 { print $$4 }')" -ge 1000 ] && $$p 2>/dev/null && \
  echo PYTEST_DEBUG_TEMPROOT=/dev/shm; rm -f $$p)

.PHONY: bulletin test lint types floors check docs bench clean

bulletin: $(VENV)/.installed
	@$(BIN)/bulletin make $(STATION)

test: $(VENV)/.tested
	@# bytecode is kept: otherwise each worker and each command in a test would compile everything anew
	@env -u PYTHONDONTWRITEBYTECODE $(IN_MEMORY) $(BIN)/pytest -q $(SIDE_BY_SIDE)

lint: $(VENV)/.linted
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.linted
	$(BIN)/mypy

floors: $(VENV)/.linted
	$(BIN)/lint-imports

check: test lint types floors

docs: .venv-docs/.made
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs --quiet build --strict
	@! grep -rEl '(src|href)="(https?:)?//[^"]*[.](js|css|woff2?)"' build/site || { echo "docs: a page loads scripts, styles or fonts from another host"; exit 1; }
	@echo "Documentation: build/site/index.html"

.venv-docs/.made: $(VENV)/.made pyproject.toml
	@$(PYTHON) -m venv .venv-docs
	@.venv-docs/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	@.venv-docs/bin/python -m pip install --quiet --group docs
	@touch $@

bench: $(VENV)/.tested
	@# tested: benchmarks start the servers of tests/support
	@$(BIN)/python -m pip install --quiet --editable '.[english,newsroom,group]' --group servers
	$(BIN)/python -m bench.performance
	$(BIN)/python -m bench.group
	$(BIN)/python -m bench.group --stations 50 --voice hibari --length 2:00
	$(BIN)/python -m bench.group --stations 120 --workers 1 2 2 1 --one-core-each
	$(BIN)/python -m bench.capacity

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Bulletin needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version 2>&1`. Try: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV) (once, a minute or two) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "No venv here? On Debian and Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	@$(BIN)/python -m pip install --quiet --editable '.[english,newsroom]'
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --editable '.[english,newsroom]' --group test
	@# once, as pip does with the packages: otherwise each of the first workers compiles the program
	@$(BIN)/python -m compileall -q -j 0 bulletin
	@touch $@

$(VENV)/.linted: $(VENV)/.tested
	@# resolved together: a linter alone would bring a click that gTTS cannot live with
	@$(BIN)/python -m pip install --quiet --editable '.[english,newsroom]' --group test --group recordings --group servers --group voices --group api --group lint
	@touch $@

clean:
	rm -rf $(VENV) .venv-docs .venv-judges .venv-music .venv-wheel .venv-lowest .mypy_cache .ruff_cache .pytest_cache dist build
