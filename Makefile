# What there is to do here: `make help`. The work itself stands in tools/.

CARGO ?= cargo
FUZZ_SECONDS ?= 180
# Add `advisories` where the internet can be reached: that check downloads a database.
DENY ?= bans licenses sources

.PHONY: help setup test lint deny generated bench fuzz

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1	\2/'

setup: ## Install what the tests need (Debian, Ubuntu; elsewhere it says what to install)
	@tools/setup-tests.sh

test: setup ## Run every test, with all set-up
	@tools/run-tests.sh

lint: deny ## Formatting, clippy, documentation, scripts, workflows, words, dependencies
	tools/check-words.sh
	tools/check-scripts.sh
	tools/check-workflows.sh
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets --all-features -- -D warnings
	$(CARGO) clippy --locked -p everlit -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --all-features --no-deps --document-private-items

deny: ## Licences, duplicates, bans and sources of the dependencies
	tools/cargo-deny.sh --locked check $(DENY)

generated: ## Is what xtask generates current?
	$(CARGO) run --locked --quiet -p xtask -- check

bench: ## Start-up, nothing-due run and refresh beside /bin/true and a Node script (ARGS="--runs 200 --json")
	@$(CARGO) build --locked --release -p everlit
	@$(CARGO) run --locked --quiet --release -p everlit-bench -- $(ARGS)

fuzz: ## Run every fuzz target for FUZZ_SECONDS
	tools/fuzz.sh $(FUZZ_SECONDS)
