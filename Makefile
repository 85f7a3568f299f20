# `make run` and `make test` are all that a fresh Debian machine with Swift needs.

PREFIX ?= /usr/local
RELEASE = .build/release/pipeline
BUILD_PACKAGES = libcsv-dev zlib1g-dev libxxhash-dev libboost-math-dev libsqlite3-dev libxlsxwriter-dev libminizip-dev libexpat1-dev
TEST_PACKAGES = r-base-core r-cran-survey
DATABASE_PACKAGES = postgresql
FAULT_PACKAGES = strace faketime util-linux sqlite3 python3
READER_PACKAGES = python3-venv chromium libreoffice-calc sqlite3 r-base-core
EXPORTS_VENV = .build/exports-venv
CHARTS = $(EXPORTS_VENV)/share/pipeline/vega-bundle.js
REFERENCE_PACKAGES = $(TEST_PACKAGES) r-cran-yaml python3-venv
REFERENCE_VENV = .build/reference-venv
PEERS_PACKAGES = $(TEST_PACKAGES) r-cran-data.table python3-venv gcc libcsv-dev
PEERS_VENV = .build/peers-venv
SPARK_VENV = .build/spark-venv
SPARK_HOME = $(SPARK_VENV)/spark
FUZZING = .build/fuzzing
FUZZ = $(FUZZING)/release/fuzz
REFERENCE_JOB = .build/reference-job
DESIGNS = Tests/Reference/designs
SURVEY = SampleData/nhanes/nhanes.csv

.PHONY: run build charts readers spark test test-asan test-tsan test-faults test-spark test-neon fuzz fuzz-short lint \
  format example nhanes sample-data reference bench bench-thresholds bench-throughput bench-peers bench-scale curves \
  coverage docs pictures sbom install uninstall clean

## The main job: install what is missing, build, and compute the fourth national reports.
run: build charts
	$(RELEASE) run cycle-4 --format all

build:
	@.ci/require $(BUILD_PACKAGES)
	swift build -c release --product pipeline

## What draws the charts of report.html; without it the report has its tables, so a missing network stops nobody.
charts:
	@$(MAKE) --no-print-directory $(CHARTS) || echo "Vega could not be installed: report.html will have no charts" >&2

$(CHARTS): Sources/Report/charts.txt
	@.ci/require python3-venv
	python3 -m venv $(EXPORTS_VENV)
	$(EXPORTS_VENV)/bin/pip install --quiet --requirement $<
	mkdir -p $(@D)
	$(EXPORTS_VENV)/bin/python -c 'import vl_convert; print(vl_convert.javascript_bundle())' > $@.partial
	mv $@.partial $@

## What the tests read the outputs with: Excel's and SDMX's libraries, pandas, R, a browser, an office.
readers: $(EXPORTS_VENV)/readers

$(EXPORTS_VENV)/readers: Tests/Readers/requirements.txt $(CHARTS)
	@.ci/require $(READER_PACKAGES)
	$(EXPORTS_VENV)/bin/pip install --quiet --requirement $<
	touch $@

## All tests; the numbers of R survey are committed, the health survey is exported from R.
test: nhanes readers
	@.ci/require $(BUILD_PACKAGES) $(FAULT_PACKAGES) $(DATABASE_PACKAGES)
	swift build --build-tests
	.ci/test tests
	@$(MAKE) --no-print-directory fuzz-short

## All tests with every access to memory watched, and then every command with every allocation: nothing may be left when
## it ends. Several times as slow; each sanitizer has a build of its own.
test-asan: nhanes readers
	@.ci/require $(BUILD_PACKAGES) $(FAULT_PACKAGES) $(DATABASE_PACKAGES)
	swift build --build-tests --sanitize address --scratch-path .build/asan
	PIPELINE_SANITIZER=address \
	  ASAN_OPTIONS=detect_leaks=0:suppressions=$(CURDIR)/Tests/Sanitizers/address-suppressions.txt \
	  .ci/test address --skip-build --sanitize address --scratch-path .build/asan
	Tests/Sanitizers/leaks .build/asan/debug/pipeline

## All tests with every access that two threads share watched.
test-tsan: nhanes readers
	@.ci/require $(BUILD_PACKAGES) $(FAULT_PACKAGES) $(DATABASE_PACKAGES)
	swift build --build-tests --sanitize thread --scratch-path .build/tsan -Xswiftc -DTHREAD_SANITIZER
	PIPELINE_SANITIZER=thread \
	  TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/Sanitizers/thread-suppressions.txt \
	  .ci/test thread --skip-build --sanitize thread --scratch-path .build/tsan -Xswiftc -DTHREAD_SANITIZER

## What a run does when its surroundings fail, at length and with the release binary: killed at every write, disks of every
## size, 5 GB in 512 MB of memory. Needs root, for mounts, other users and control groups; what is not permitted is
## skipped and says so. 16 GB of disk, some 30 minutes.
test-faults: build
	@.ci/require $(FAULT_PACKAGES)
	swift build --build-tests
	PIPELINE_BINARY=$(CURDIR)/$(RELEASE) PIPELINE_FAULTS=long \
	  .ci/test faults --skip-build --filter "FaultTests|SameDigitsAtScaleTests"

## Apache Spark with its own client, for `pipeline run --engine spark --spark-home .build/spark-venv/spark`.
spark: $(SPARK_HOME)

$(SPARK_HOME): Tests/Spark/requirements.txt
	@command -v java >/dev/null || .ci/require openjdk-17-jre-headless
	@.ci/require python3-venv
	python3 -m venv $(SPARK_VENV)
	$(SPARK_VENV)/bin/pip install --quiet --requirement $<
	ln -sfn "$$($(SPARK_VENV)/bin/python -c 'import pathlib, pyspark; print(pathlib.Path(pyspark.__file__).parent)')" $@
	touch $@

## Spark against the embedded engine: small surveys of every kind in this process, then pipelines on a cluster of one
## master and two workers on this machine; a worker is killed, a run interrupted. CLUSTER names the pipelines: all, unless
## it is set.
CLUSTER ?=

test-spark: build spark nhanes readers
	@.ci/require $(DATABASE_PACKAGES)
	swift build --build-tests
	PIPELINE_SPARK_HOME=$(CURDIR)/$(SPARK_HOME) swift test --skip-build --filter QueryRunTests
	Tests/Spark/cluster.py --home $(SPARK_HOME) --binary $(RELEASE) $(CLUSTER)

## The NEON scan, on a machine without such a processor: cross-compiled and emulated.
test-neon:
	@.ci/require gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
	mkdir -p .build/neon
	aarch64-linux-gnu-gcc -O2 -Wall -Wextra -Werror -static -ISources/CKernels/include -o .build/neon/scan-test \
	  Tests/KernelsNEON/scan_test.c Sources/CKernels/scan.c Sources/CKernels/sums.c Sources/CKernels/codes.c
	qemu-aarch64 .build/neon/scan-test

## Broken files of every kind, MINUTES long for each of TARGETS; what ends a run is named and stays in .build/fuzzing.
MINUTES ?= 30
TARGETS ?= csv yaml snapshot long gzip

fuzz: $(FUZZ)
	Tests/Fuzzing/run --seconds $$(($(MINUTES) * 60)) $(TARGETS)

## The same for two minutes in all, always in the same way, and the judgement of Python's csv module.
fuzz-short: $(FUZZ)
	Tests/Fuzzing/run --short $(TARGETS)
	Tests/Fuzzing/judge.py

# SwiftPM knows what there is to build. The two sanitizers stand in one option, because of several the last one counts;
# assertions are checked, as tests do it, although the code is optimized.
.PHONY: $(FUZZ)
$(FUZZ):
	@.ci/require $(BUILD_PACKAGES)
	swift build --package-path Tests/Fuzzing --scratch-path $(FUZZING) -c release --product fuzz --sanitize fuzzer \
	  -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=address -Xcc -fno-omit-frame-pointer \
	  -Xswiftc -enable-testing -Xswiftc -assert-config -Xswiftc Debug

lint:
	swift format lint --strict --recursive Sources Tests Benchmarks Package.swift

format:
	swift format --in-place --recursive Sources Tests Benchmarks Package.swift

## A survey that nobody here wrote, as a model for your own.
example: build nhanes
	$(RELEASE) run nhanes

nhanes: $(SURVEY)

$(SURVEY): Tests/Reference/nhanes.R
	@.ci/require $(TEST_PACKAGES)
	mkdir -p $(@D)
	Rscript Tests/Reference/nhanes.R $@

## The invented national reports and survey of institutions, the same bytes every time.
sample-data: build
	$(RELEASE) generate national-reports --seed 2026 -o SampleData
	$(RELEASE) generate institutions --responses 3000 --cycles 2..5 --seed 2026 -o SampleData/institutions
	@$(MAKE) --no-print-directory readers
	$(EXPORTS_VENV)/bin/python Tests/Reference/datapackage.py

## The golden files, recomputed by R from the sample data, and by Python's svy where it can.
reference: nhanes $(REFERENCE_VENV)/ready
	@.ci/require $(REFERENCE_PACKAGES)
	Rscript Tests/Reference/overlap.R
	Rscript Tests/Reference/ranks.R
	Rscript Tests/Reference/national-reports.R
	Rscript Tests/Reference/nhanes.R $(SURVEY) Tests/Reference/nhanes-estimates.csv
	Rscript Tests/Reference/published.R
	Rscript Tests/Reference/trends/golden.R
	Rscript $(DESIGNS)/make-designs.R
	Rscript $(DESIGNS)/designs.R
	$(REFERENCE_VENV)/bin/python $(DESIGNS)/designs.py

$(REFERENCE_VENV)/ready: $(DESIGNS)/requirements.txt
	@.ci/require $(REFERENCE_PACKAGES)
	python3 -m venv $(REFERENCE_VENV)
	$(REFERENCE_VENV)/bin/pip install --quiet --requirement $<
	touch $@

## Every stage by itself and the whole run; BENCH="--filter Scan.*" for some of them.
bench:
	@.ci/require $(BUILD_PACKAGES)
	swift package --package-path Benchmarks --scratch-path .build/benchmarks --allow-writing-to-package-directory \
	  benchmark $(BENCH)

## Instructions and allocations a row, against Benchmarks/Thresholds/thresholds.json.
bench-thresholds: build
	@.ci/require valgrind gcc
	Benchmarks/Thresholds/check.py $(THRESHOLDS)

## Throughput beside a peer, as a ratio.
bench-throughput: build nhanes
	Benchmarks/throughput.sh

## The reference job beside DuckDB, Polars, svy and R survey, as ratios.
bench-peers: build $(PEERS_VENV)/ready $(REFERENCE_JOB)/responses.csv
	$(PEERS_VENV)/bin/python Benchmarks/Peers/bench.py --data $(REFERENCE_JOB) --pipeline $(RELEASE) \
	  --markdown .build/peers.md

## The reference job at 0.1, 1 and 5 GB here, on Spark with two cores, and on a Spark cluster of two workers: docs/scale.csv.
## 8 GB of disk; SIZES names others, in GB.
SIZES ?= 0.1,1,5

bench-scale: build spark
	PYTHONPATH=Benchmarks/Peers:Tests/Spark python3 -B Benchmarks/Scale/scale.py --home $(SPARK_HOME) --binary $(RELEASE) \
	  --sizes $(SIZES) --csv docs/scale.csv --markdown .build/scale.md

$(REFERENCE_JOB)/responses.csv: | build
	$(RELEASE) generate reference-job --responses 400000 -o $(REFERENCE_JOB)

$(PEERS_VENV)/ready: Benchmarks/Peers/requirements.txt
	@.ci/require $(PEERS_PACKAGES)
	python3 -m venv $(PEERS_VENV)
	$(PEERS_VENV)/bin/pip install --quiet --requirement $<
	touch $@

## How cost grows with rows, columns, indicators, cells, PSUs and replicate weights: docs/performance.csv and its plot.
curves: build $(PEERS_VENV)/ready
	$(PEERS_VENV)/bin/python Benchmarks/Peers/grow.py --pipeline $(RELEASE) --output docs/performance.csv
	$(PEERS_VENV)/bin/python Benchmarks/Peers/plot.py docs/performance.csv --output docs/performance.svg

## How often the intervals hold the truth: docs/intervals.csv, the plot and the tables of docs/intervals.md.
coverage:
	@.ci/require $(BUILD_PACKAGES) r-base-core
	swift build -c release --product coverage-study
	.build/release/coverage-study -o docs/intervals.csv
	Rscript Benchmarks/Coverage/intervals.R

## The how-to pages and the reference as a website, by the toolchain's own DocC: .build/docs, for any web server, such as
## `python3 -m http.server --directory .build/docs`, at documentation/pipeline.
docs:
	@.ci/require python3
	python3 docs/catalog.py .build/pipeline.docc
	docc convert .build/pipeline.docc --output-dir .build/docs --warnings-as-errors

## The picture of the report in the README.
pictures: build charts
	@.ci/require chromium
	$(RELEASE) run cycle-4 --quiet --format html --output .build/pictures/cycle-4
	chromium --headless --no-sandbox --hide-scrollbars --window-size=1280,935 --virtual-time-budget=20000 \
	  --screenshot=docs/report.png file://$(CURDIR)/.build/pictures/cycle-4/report.html

## What the project is made of, with versions and licences, as CycloneDX: docs/sbom.cdx.json. It asks what is installed.
sbom: build readers spark $(REFERENCE_VENV)/ready $(PEERS_VENV)/ready
	@.ci/require $(BUILD_PACKAGES) $(TEST_PACKAGES) $(READER_PACKAGES) $(REFERENCE_PACKAGES) $(PEERS_PACKAGES) $(FAULT_PACKAGES) $(DATABASE_PACKAGES)
	$(EXPORTS_VENV)/bin/python docs/sbom.py

## The command with its man page, its shell completions and what draws its charts, under PREFIX (and DESTDIR, for
## packages).
install: build charts
	install -D -m 755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/pipeline
	if [ -f $(CHARTS) ]; then install -D -m 644 $(CHARTS) $(DESTDIR)$(PREFIX)/share/pipeline/$(notdir $(CHARTS)); fi
	mkdir -p $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d $(DESTDIR)$(PREFIX)/share/man/man1
	$(RELEASE) --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/pipeline
	$(RELEASE) --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_pipeline
	$(RELEASE) --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/pipeline.fish
	swift build -c release --product generate-manual
	.build/release/generate-manual $(RELEASE) -o - > $(DESTDIR)$(PREFIX)/share/man/man1/pipeline.1

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/pipeline $(DESTDIR)$(PREFIX)/share/pipeline/$(notdir $(CHARTS)) \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions/pipeline \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_pipeline \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/pipeline.fish \
	  $(DESTDIR)$(PREFIX)/share/man/man1/pipeline.1

clean:
	rm -rf .build Output
