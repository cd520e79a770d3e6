# Works on a fresh Debian 12 that has Swift, git and make; what else is needed is installed first,
# by root or through sudo.
#
#   make run    segments a ledger: a generated one, or LEDGER=... CONFIG=... OUT=...
#   make test   everything that a change has to pass
#   make bench  the figures of the README, other programs beside ours; BENCH_ROWS, BENCH_TASKS
#   make soak   thread sanitizer and long fuzzing
#   make format, make lint, make clean

SHELL := /bin/bash
.SHELLFLAGS := -e -o pipefail -c
.DEFAULT_GOAL := build
.NOTPARALLEL:
.PHONY: build run test bench soak format lint clean \
  libraries test-core test-fuzz test-debug test-release test-address soak-thread soak-fuzz

ROWS ?= 4000000
CUSTOMERS ?= 200000
LEDGER ?= .bench/ledger-$(ROWS)-$(CUSTOMERS).csv
CONFIG ?= online-retail-ii
OUT ?= out/segments
BENCH_ROWS ?= 40000000
BENCH_TASKS ?= plain scattered quoted whole kmeans clusters quality choice

LIBRARIES := libopenblas-dev libopenblas0-pthread liblapacke-dev libisal-dev libssl-dev libxxhash-dev
CHECKS := --explicit-target-dependency-import-check error

# The program is linked statically, which the tests cannot be, and has a build of its own: it starts
# in a third of the time.
PROGRAM := .build/program/release/tranche
BUILD_PROGRAM := swift build --configuration release --product tranche --static-swift-stdlib \
  --scratch-path .build/program $(CHECKS)

CLANG := $(or $(wildcard $(dir $(realpath $(shell command -v swift)))clang),clang)
SANITIZE := -g -O1 -std=gnu17 -Wall -Wextra -Werror -ffp-contract=off -fno-sanitize-recover=all \
  -fuse-ld=lld
CORE := $(wildcard CBridge/*.c)
CORE_HEADERS := $(wildcard CBridge/*.h CBridge/include/*.h)
CORE_TESTS := $(wildcard CBridge/tests/*.c)
CORE_LIBRARIES := -lopenblas -llapacke -lisal -lcrypto -lm
FUZZED := $(addprefix CBridge/,scan.c rows.c numbers.c times.c cpu.c)
FUZZ_SECONDS ?= 10
SOAK_SECONDS ?= 1800

libraries:
	@scripts/install $(LIBRARIES)

build: libraries
	@$(BUILD_PROGRAM) 2>&1 | $(TERSE)

run: $(LEDGER) build
	@mkdir -p $(dir $(OUT))
	@$(PROGRAM) run --config $(CONFIG) --out $(OUT) $(LEDGER)

.bench/ledger-$(ROWS)-$(CUSTOMERS).csv: | build
	@mkdir -p .bench
	@$(PROGRAM) generate --rows $(ROWS) --customers $(CUSTOMERS) --seed 7 > $@.part
	@mv $@.part $@

test: lint test-core test-fuzz test-debug test-address test-release

lint:
	@scripts/install clang-format
	swift format lint --strict -r Sources Tests Package.swift
	clang-format --dry-run -Werror $(shell find CBridge -name '*.c' -o -name '*.h')

format:
	@scripts/install clang-format
	swift format -i -r Sources Tests Package.swift
	clang-format -i $(shell find CBridge -name '*.c' -o -name '*.h')

# Only what says something: failures and the summary. The linker's remarks on the sanitizers' own
# symbols mean nothing.
TERSE := { grep -vE '^\[[0-9]+/|Cannot export local symbol' || true; }
QUIET := sed -u -E '/ started\.$$|passed after|^\[[0-9]+\/[0-9]+\]|^Test Suite|Executed 0 tests/d'
SUMMARY := | tee .build/test.log | { $(QUIET) || true; } && grep -E 'Test run with' .build/test.log

test-debug: libraries
	swift build --build-tests $(CHECKS) 2>&1 | $(TERSE)
	@swift test --skip-build 2>&1 $(SUMMARY)

test-release: libraries
	swift build --configuration release --build-tests $(CHECKS) 2>&1 | $(TERSE)
	@swift test --configuration release --skip-build 2>&1 $(SUMMARY)

# All stages, so that the C core is tried through the code that calls it, too.
test-address: libraries
	swift build --build-tests --sanitize address -Xcc -fsanitize=undefined \
	  -Xcc -fno-sanitize-recover=all --scratch-path .build/address $(CHECKS) 2>&1 | $(TERSE)
	@ASAN_OPTIONS=detect_leaks=0 swift test --skip-build --sanitize address \
	  --scratch-path .build/address --skip '^(EndToEnd|Architecture|Settings)Tests' 2>&1 $(SUMMARY)

test-core: libraries .build/core/tests
	.build/core/tests

.build/core/tests: $(CORE) $(CORE_HEADERS) $(CORE_TESTS) CBridge/tests/check.h
	@mkdir -p .build/core
	@$(CLANG) $(SANITIZE) -fsanitize=address,undefined -o $@ $(CORE) $(CORE_TESTS) $(CORE_LIBRARIES)

FUZZ := @f() { mkdir -p .build/core/corpus-$$1; .build/core/fuzz_$$1 -max_len=1024 -verbosity=0 \
  -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=.build/core/$$1- -print_final_stats=1 \
  .build/core/corpus-$$1 CBridge/fuzz/corpus-$$1 2>&1 | \
  grep -vE 'ecommended dictionary|\# Uses:|INFO:|NEW_FUNC'; }; f

test-fuzz: libraries .build/core/fuzz_scan .build/core/fuzz_rows
	$(FUZZ) scan
	$(FUZZ) rows

.build/core/fuzz_%: CBridge/fuzz/fuzz_%.c $(FUZZED) $(CORE_HEADERS)
	@mkdir -p .build/core
	@$(CLANG) $(SANITIZE) -fsanitize=fuzzer,address,undefined -o $@ $(filter %.c,$^)

soak: soak-thread soak-fuzz

soak-thread: libraries
	swift build --build-tests --sanitize thread --scratch-path .build/thread $(CHECKS) 2>&1 | \
	  $(TERSE)
	@swift test --skip-build --sanitize thread --scratch-path .build/thread \
	  --skip '^(EndToEnd|Architecture)Tests' 2>&1 $(SUMMARY)

soak-fuzz:
	@$(MAKE) test-fuzz FUZZ_SECONDS=$(SOAK_SECONDS)

bench: build
	@scripts/install python3 python3-venv
	@test -x .bench/venv/bin/python || python3 -m venv .bench/venv
	@.bench/venv/bin/python -m pip install --quiet --disable-pip-version-check \
	  -r Benchmarks/requirements.txt
	@swift build --configuration release --product StageBench $(CHECKS)
	@swift build --configuration release --product ClusterBench $(CHECKS)
	@.bench/venv/bin/python Benchmarks/bench.py --tranche $(PROGRAM) --rows $(BENCH_ROWS) $(BENCH_TASKS)

clean:
	rm -rf .build .bench out out.failed
