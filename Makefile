# The commands of the README. Each builds the virtual environment it needs from the pinned versions in requirements.txt.
# The first that is there, and new enough; 3.11 is what CI and the image have.
PYTHON ?= $(shell for one in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$one -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && echo $$one && break; done)
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools
COMPILE := $(TOOLS)/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	--no-emit-options --constraint requirements.txt --output-file -

.PHONY: help sandbox demo test crash races bench bench-quick check texts link graphs helm lock sbom audit clean

help:  ## tell what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

sandbox: $(VENV)/ready  ## live the product on this machine, with no account
	@$(BIN)/python -m sandbox

demo: $(VENV)/ready  ## play a story and print the channel
	$(BIN)/python -m sandbox demo

test: $(VENV)/ready  ## the whole suite
	@# Without compiled files, each of the hundreds of processes that tests start would compile the bot anew.
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n 6 --dist loadfile --no-loadscope-reorder

crash: $(VENV)/ready  ## kill the bot at every point and at random, on both databases; takes about a quarter of an hour
	$(BIN)/python -m pytest tests/crash --full --timeout 0

races: $(VENV)/ready  ## let two decisions meet 1,000 times each, on both databases; takes some minutes
	$(BIN)/python -m pytest tests/races --full --timeout 0

bench: $(VENV)/ready  ## measure what people wait for, beside plain Bolt, and write docs/benchmarks.md; takes less than ten minutes
	$(BIN)/python -m tests.benchmarks

bench-quick: $(VENV)/ready  ## the waits and the acks with few samples; fails where a promise breaks, not a time
	$(BIN)/python -m tests.benchmarks --quick

check: $(VENV)/ready  ## style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

texts: $(VENV)/ready  ## bring new texts into the catalogues, and take out those that are gone
	$(BIN)/pybabel extract --no-default-keywords -k "_ plural:1,2 mark Phrase" --sort-by-file --no-location \
		-o $(VENV)/campaign-bot.pot bot
	$(BIN)/pybabel update -D campaign-bot -d bot/locale -i $(VENV)/campaign-bot.pot -w 118 \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

link: $(VENV)/ready  ## write the link that makes the Slack app into the README
	$(BIN)/python -m tests.manifest_link

graphs: $(VENV)/ready  ## draw the states of a launch into docs/architecture.md
	$(BIN)/python -m tests.state_graph

helm: $(VENV)/ready  ## render the chart anew and check it against Kubernetes' schemas; needs helm on the PATH
	$(BIN)/python -m pip install --quiet --disable-pip-version-check kubernetes-validate==1.37.0
	$(BIN)/python -m tests.helm

lock: $(VENV)/ready $(TOOLS)/ready  ## write the versions in use to requirements.txt, and those of the bot alone with hashes
	$(BIN)/python -m pip freeze --all --exclude-editable | grep -v "^pip==" | sort -f > requirements.txt
	(echo "# What the bot needs to run, with all of its extras: written by make lock from requirements.txt. No test tools."; \
		$(COMPILE) --all-extras pyproject.toml) > requirements-run.txt
	(echo "# What builds the bot's wheel: written by make lock from requirements.txt."; \
		echo setuptools | $(COMPILE) - | grep -v "^#" | grep .) > requirements-build.txt

sbom: $(TOOLS)/ready  ## write what the bot is shipped with to sbom.cdx.json, in CycloneDX
	$(TOOLS)/bin/cyclonedx-py requirements requirements-run.txt --pyproject pyproject.toml --output-reproducible \
		--validate -o sbom.cdx.json

audit: $(TOOLS)/ready  ## ask whether vulnerabilities of what the bot is shipped with are known; says so where nobody answers
	@$(TOOLS)/bin/pip-audit --disable-pip --require-hashes -r requirements-run.txt -f json --progress-spinner off \
		2>$(TOOLS)/audit.log | $(TOOLS)/bin/python tests/advisories.py

clean:  ## take the virtual environment away
	rm -rf $(VENV) $(TOOLS)

$(VENV)/ready: requirements.txt pyproject.toml
	@echo "Installing the pinned packages into $(VENV). This happens once, and takes a minute or two."
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and was not found. Name one: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
	@echo "Installed."

$(TOOLS)/ready: requirements-tools.txt
	@echo "Installing the pinned tools into $(TOOLS). This happens once, and takes a minute."
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-tools.txt
	@touch $@
