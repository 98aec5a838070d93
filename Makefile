# `make help` lists the targets. Their scripts are in tools/.

CARGO ?= cargo
FUZZ_SECONDS ?= 180
CHAOS_ACCOUNTS ?= 50000
CHAOS_SECONDS ?= 360
# Add `advisories` if the internet is reachable: that check downloads a database.
DENY ?= bans licenses sources

.PHONY: help setup test test-windows lint deny generated bench fuzz chaos demo-postgres

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1	\2/'

setup: ## Install the tools for testing (Debian, Ubuntu; elsewhere it lists them)
	@tools/setup-tests.sh

test: setup ## Run every test
	@tools/run-tests.sh

test-windows: ## Run tests built for Windows under Wine (CRATES="disk everlit"; Debian, Ubuntu)
	@tools/test-windows.sh $(CRATES)

lint: deny ## Check formatting, clippy, docs, scripts, workflows, words, import circles, dependencies
	tools/check-words.sh
	$(CARGO) run --locked --quiet -p xtask -- structure
	tools/check-scripts.sh
	tools/check-workflows.sh
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets --all-features -- -D warnings
	$(CARGO) clippy --locked -p everlit -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --all-features --no-deps --document-private-items

deny: ## Check the dependencies: licences, duplicates, bans, sources
	tools/cargo-deny.sh --locked check $(DENY)

generated: ## Check that generated files are current
	$(CARGO) run --locked --quiet -p xtask -- check

bench: ## Compare speed and memory with /bin/true and a Node script (ARGS="--runs 200 --json")
	@tools/bench.sh $(ARGS)

chaos: ## Strike at services and their database for CHAOS_SECONDS while they refresh CHAOS_ACCOUNTS (ARGS="--alone --seed 7")
	@tools/chaos.sh --accounts $(CHAOS_ACCOUNTS) --seconds $(CHAOS_SECONDS) $(ARGS)

demo-postgres: ## Serve a hundred made-up accounts in a PostgreSQL that ends with it
	@tools/demo-postgres.sh

fuzz: ## Run every fuzz target for FUZZ_SECONDS
	tools/fuzz.sh $(FUZZ_SECONDS)
