# What a person types. `make run` and `make test` install what is missing on a Debian machine.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
BENCH := .build/release/bench
NIGHTLY := .bench/nightly
NIGHTS := .bench/nights.db
PACKAGES := libssl-dev libsqlite3-dev libspng-dev libturbojpeg0-dev zlib1g-dev gnuplot-nox pkg-config curl unzip git
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: help setup build run test check circles docs page fuzz soak sanitize sanitize-address sanitize-thread sanitize-short \
  cluster scale scale-jobs simulate recompute read-back exchange harness man pictures nightly nightly-train \
  nightly-baseline same-as-pytorch chains-like-pytorch chains-on-all-levels examples-like-pytorch versus-pytorch \
  install uninstall clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-19s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: # Installs the libraries and gnuplot where they are missing.
	@missing=(); for package in $(PACKAGES); do \
	  dpkg-query -W -f='$${db:Status-Status}' $$package 2>/dev/null | grep -qx installed || missing+=($$package); \
	done; \
	if [ $${#missing[@]} -gt 0 ]; then \
	  echo "installing $${missing[*]}"; \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$${missing[@]}" >/dev/null; \
	fi
	@command -v swift >/dev/null || { echo "no Swift toolchain on the PATH: get one at https://swift.org/install"; exit 1; }

build: setup ## Build the program, optimised: .build/release/bench
	swift build -c release --product bench

run: build ## Train the quick study and write its report
	$(BENCH) run experiments/quick.json
	$(BENCH) report quick

# The tests of the built program wait for other processes; beside tests that fill the cores they would wait too long.
test: setup ## Run all tests
	swift build --build-tests
	swift test --skip-build --skip benchTests
	swift test --skip-build --filter benchTests

check: setup ## Check the formatting
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

circles: setup ## Look for circles of more than three files inside a target
	swift build
	python3 Tests/House/circles.py

docs: setup ## Write the docs: .build/docs, to be served by any web server (python3 -m http.server -d .build/docs)
	docc convert Sources/bench/bench.docc --output-path .build/docs --transform-for-static-hosting --warnings-as-errors \
	  --fallback-display-name bench --fallback-bundle-identifier bench
	@echo "to read them: python3 -m http.server -d .build/docs 8000, then http://localhost:8000/documentation/bench"

fuzz: setup ## Mutate grids, data files, weight files and checkpoints 100,000 times each, and edit 5,000 stores
	BENCH_FUZZ_ROUNDS=$${BENCH_FUZZ_ROUNDS:-100000} swift test \
	  --filter 'GridFuzzTests|HostileFileTests|HostileWeightFileTests|HostileCheckpointTests'
	BENCH_STORES=$${BENCH_STORES:-5000} swift test --skip-build --filter HarnessTests.EditedStoreTests
	BENCH_STORES=$${BENCH_PROGRAM_STORES:-200} swift test --skip-build --filter benchTests.EditedStoreTests

scale: build ## Train 10,000 trials, and time the commands on their store against the limits
	python3 Tests/Scale/scale.py --bench $(BENCH)

# The daemons are started by the script, not by the system: what the packages start is left alone.
CLUSTER_PACKAGES := slurm-wlm munge python3

cluster: build ## Run a study on a Slurm cluster of four nodes on this machine, and disturb it; SHORT=1: in minutes
	@$(MAKE) --no-print-directory setup PACKAGES="$(CLUSTER_PACKAGES)"
	python3 Tests/Cluster/cluster.py --bench $(BENCH) $(if $(SHORT),--short)

scale-jobs: build ## Merge 1,000 shards, 100,000 trials and 10 GB: under 10 minutes, in less than 1 GB of memory
	swift build --build-tests
	rm -rf .build/job .build/job.db*
	BENCH_JOB_FOLDER=$(CURDIR)/.build/job BENCH_JOB_SHARDS=1000 BENCH_JOB_CONFIGURATIONS=50000 BENCH_JOB_LOSSES=4800 \
	  swift test --skip-build --filter JobScaleTests | grep -E '^jobs|✘|Test run with'
	python3 Tests/Scale/merge.py --bench $(BENCH) .build/job .build/job.db
	rm -rf .build/job .build/job.db*

simulate: setup ## Simulate 5,000 studies and nights of each kind: false claims, power, intervals, alarms, losses seen
	swift build --build-tests
	BENCH_SIMULATIONS=$${BENCH_SIMULATIONS:-5000} swift test --skip-build \
	  --filter 'SimulationTests|GateTests|ChangePointTests' | grep -E '^simulated|✘|Test run'

recompute: ## Recompute every number of the committed report with SciPy, from its results.json alone
	python3 Tests/Report/recompute.py reports/model-abc

read-back: build ## Read what the commands print as CSV and JSON back with pandas, and compare it with the store
	python3 Tests/Exchange/read_back.py --bench $(BENCH)

EXCHANGE_PACKAGES := onnxruntime onnx tensorboard mlflow numpy pandas

exchange: export PYTHONPATH := $(CURDIR)/.build/python:$(PYTHONPATH)
exchange: build ## Read what bench writes for other programs with those programs; SHORT=1: in minutes
	@python3 -c 'import $(shell echo $(EXCHANGE_PACKAGES) | tr " " ",")' 2>/dev/null || \
	  python3 -m pip install --quiet --target .build/python $(EXCHANGE_PACKAGES)
	@failed=; for check in Tests/Exchange/*_check.py; do \
	  echo "$$check"; python3 $$check --bench $(BENCH) $(if $(SHORT),--short) || failed+=" $$check"; \
	done; [ -z "$$failed" ] || { echo "failed:$$failed"; exit 1; }

harness: build ## Time studies against their bare training steps, in turns, on BENCH_DATA where it is
	$(BENCH) harness

page: build ## Look at reports' pages in a headless Chromium; SHORT=1: in under a minute; PICTURES=DIR: keep screenshots
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
	  if command -v $$name >/dev/null; then exit 0; fi; \
	done; $(MAKE) --no-print-directory setup PACKAGES="chromium python3"
	python3 Tests/Page/page.py --bench $(BENCH) $(if $(SHORT),--short) $(if $(PICTURES),--pictures $(PICTURES))

# On a quiet machine, since the display says how fast it is.
pictures: build # Records README's pictures anew: the page of the committed report, and the live display in tmux.
	@$(MAKE) --no-print-directory setup PACKAGES="tmux python3"
	python3 Tests/Page/pictures.py --bench $(BENCH) --report reports/model-abc --grid experiments/model-abc.json --ended 9 \
	  --out Sources/bench/bench.docc/Resources -- --set training.iterations=600 --set training.evaluate_every=100

man: build ## Write the manual pages: .build/man/bench.1 and one for each command
	swift build -c release --product generate-manual
	@mkdir -p .build/man
	.build/release/generate-manual $(BENCH) --multi-page --output-directory .build/man
	@echo "to read one: man -l .build/man/bench.run.1"

# Where `make install` puts things; DESTDIR goes before it, for who makes a package.
PREFIX := /usr/local
DESTDIR :=
INSTALLED = $(DESTDIR)$(PREFIX)
COMPLETIONS = bash:share/bash-completion/completions/bench zsh:share/zsh/site-functions/_bench \
  fish:share/fish/vendor_completions.d/bench.fish

# With sudo nothing is built where all is there: `make man && sudo make install`. The program looks for Swift's libraries
# where it was linked, then beside itself: their copies make it independent of the toolchain.
install: ## Install program, manual pages and completions: PREFIX=/usr/local, DESTDIR=
	@[ -x $(BENCH) ] && [ -e .build/man/bench.1 ] \
	  && [ -z "$$(find Sources Package.swift -newer .build/man/bench.1 -print -quit)" ] || $(MAKE) --no-print-directory man
	@install -d "$(INSTALLED)/bin" "$(INSTALLED)/lib/bench" "$(INSTALLED)/share/man/man1"
	@install -m 755 $(BENCH) "$(INSTALLED)/lib/bench/bench"
	@ldd $(BENCH) | awk '$$3 ~ /\/swift\/linux\// {print $$3}' | xargs -r -I {} install -m 644 {} "$(INSTALLED)/lib/bench/"
	@ln -sf ../lib/bench/bench "$(INSTALLED)/bin/bench"
	@install -m 644 .build/man/*.1 "$(INSTALLED)/share/man/man1/"
	@for completion in $(COMPLETIONS); do \
	  place="$(INSTALLED)/$${completion#*:}"; install -d "$${place%/*}"; \
	  $(BENCH) --generate-completion-script $${completion%%:*} > "$$place"; chmod 644 "$$place"; \
	done
	@command -v gnuplot >/dev/null || echo "gnuplot is not here: reports have no charts; apt-get install gnuplot-nox brings it"
	@echo "installed $(INSTALLED)/bin/bench"

uninstall: ## Remove what `make install` put there, with the same PREFIX and DESTDIR
	rm -rf "$(INSTALLED)/lib/bench"
	rm -f "$(INSTALLED)/bin/bench" "$(INSTALLED)/share/man/man1/bench.1" "$(INSTALLED)/share/man/man1"/bench.[a-z]*.1
	@for completion in $(COMPLETIONS); do rm -f "$(INSTALLED)/$${completion#*:}"; done

nightly: nightly-train ## Train the nightly study anew and compare it with the committed baseline
	@code=0; $(BENCH) compare experiments/baselines/nightly.json "$(NIGHTLY)/bench.db#nightly" \
	  --tolerance test_accuracy=0.01,test_loss=25% --junit $(NIGHTLY)/junit.xml \
	  --comment $(NIGHTLY)/comment.md --record --db $(NIGHTS) || code=$$?; \
	$(BENCH) report nightly --db $(NIGHTLY)/bench.db --out $(NIGHTLY)/reports && \
	$(BENCH) history nightly --db $(NIGHTS) --out $(NIGHTLY)/history && exit $$code

nightly-baseline: nightly-train ## Make the nightly study's results the baseline that is committed
	$(BENCH) baseline save nightly nightly --db $(NIGHTLY)/bench.db
	@mkdir -p experiments/baselines
	$(BENCH) baseline export nightly experiments/baselines/nightly.json --db $(NIGHTLY)/bench.db

# A trial that failed (exit code 3) is the comparison's to judge, and the report's to show on a workflow's page.
nightly-train: build
	rm -rf $(NIGHTLY)
	env -u GITHUB_ACTIONS -u GITHUB_STEP_SUMMARY \
	  $(BENCH) run experiments/nightly.json --db $(NIGHTLY)/bench.db --no-weights || [ $$? -eq 3 ]

chains-like-pytorch: build ## Train random networks here and in PyTorch, and print what differs: COUNT=200 SEED=0
	python3 Tests/PyTorch/random_chains.py --bench $(BENCH) --count $(or $(COUNT),200) --seed $(or $(SEED),0)

chains-on-all-levels: build ## Train random networks with narrow and with wide vectors, and compare every bit: COUNT=200 SEED=0
	python3 Tests/PyTorch/same_on_all_levels.py --bench $(BENCH) --count $(or $(COUNT),200) --seed $(or $(SEED),0)

examples-like-pytorch: build ## Train experiments/examples here and as plain PyTorch scripts, on BENCH_DATA, and compare number by number
	python3 Tests/PyTorch/examples_like_pytorch.py --bench $(BENCH)

same-as-pytorch: build ## Train in PyTorch too, on BENCH_DATA, and compare number by number
	python3 Tests/PyTorch/same_as_pytorch.py --bench $(BENCH)

versus-pytorch: build ## Time training steps here and in PyTorch, in turns, on BENCH_DATA; renew the tables
	python3 Tests/PyTorch/versus_pytorch.py --bench $(BENCH) --readme README.md --docs Sources/bench/bench.docc/Speed.md
	python3 Tests/PyTorch/study_versus_pytorch.py --bench $(BENCH) --readme README.md

# Each a `swift test` of its own, since the tests of one share the cores, and moments are what is tested.
soak: setup ## Kill, break, fill and flip: 200 kills of a study, 640 faults at system calls, 500 bit flips
	swift build --build-tests
	BENCH_SOAK_ROUNDS=$${BENCH_SOAK_ROUNDS:-200} swift test --skip-build --filter KillTests
	BENCH_SOAK_FAULTS=$${BENCH_SOAK_FAULTS:-40} swift test --skip-build --filter FaultTests
	BENCH_SOAK_FLIPS=$${BENCH_SOAK_FLIPS:-125} swift test --skip-build --filter BitFlipTests

# What one of the two finds ends the test that met it; LeakSanitizer takes what Swift's runtime keeps for leaks.
SANITIZERS := ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/Sanitizers/thread.supp:allocator_may_return_null=1

sanitize: sanitize-address sanitize-thread ## Run the tests, and 150 random networks, under AddressSanitizer and ThreadSanitizer

sanitize-address sanitize-thread: sanitize-%: setup
	BENCH_SANITIZE=$* swift build --build-tests --sanitize=$* --scratch-path .build/$*
	$(SANITIZERS) BENCH_SANITIZE=$* BENCH_NETWORKS=150 swift test --skip-build --sanitize=$* --scratch-path .build/$* \
	  --skip benchTests
	$(SANITIZERS) BENCH_SANITIZE=$* swift test --skip-build --sanitize=$* --scratch-path .build/$* --filter benchTests

sanitize-short: setup # The kernels and the networks alone, under AddressSanitizer.
	BENCH_SANITIZE=address swift build --build-tests --sanitize=address --scratch-path .build/address
	$(SANITIZERS) BENCH_SANITIZE=address BENCH_NETWORKS=150 swift test --skip-build --sanitize=address \
	  --scratch-path .build/address --filter '^(KernelsTests|NeuralNetworkTests)\.'

clean: ## Remove what was built
	rm -rf .build
