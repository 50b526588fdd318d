# `make run` and `make test` are all that a newcomer types; the other targets are parts of these two.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.ONESHELL:

cache := $(or $(HALFOPEN_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/halfopen)
tools := $(cache)/tools
export CARGO_TARGET_DIR ?= $(cache)/target
export HALFOPEN_TEST_CHROMIUM ?= /usr/bin/chromium
export HALFOPEN_BINARY ?= $(CARGO_TARGET_DIR)/debug/halfopen
export PATH := $(tools)/bin:$(PATH)

.PHONY: help
help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

# --- running ---
# With the release profile, the one that the README measures; the checks share the quicker dev profile.

.PHONY: run
run: web ## build Halfopen and serve it on http://127.0.0.1:8080
	cargo build --release --locked --quiet
	exec $(CARGO_TARGET_DIR)/release/halfopen serve

.PHONY: demo
demo: export HALFOPEN_DATA := data/demo
demo: web ## the same with demo accounts and graded programs, in a data folder of its own
	cargo build --release --locked --quiet
	[ -e data/demo ] || $(CARGO_TARGET_DIR)/release/halfopen demo --data data/demo
	exec $(CARGO_TARGET_DIR)/release/halfopen serve

.PHONY: bench
bench: web ## measure the grader beside Node, in one run
	cargo build --release --locked --quiet
	node benches/compare/compare.mjs $(CARGO_TARGET_DIR)/release/halfopen

.PHONY: load
load: web ## let 500 people apply in a minute, and 200 candidates work at once, then again with the server killed under them
	cargo build --release --locked --quiet
	node benches/applications/applications.mjs $(CARGO_TARGET_DIR)/release/halfopen
	node benches/candidates/candidates.mjs $(CARGO_TARGET_DIR)/release/halfopen
	node benches/candidates/candidates.mjs $(CARGO_TARGET_DIR)/release/halfopen --kill

.PHONY: growth
growth: web services ## measure how pages grow from 1,000 to 1,000,000 applications, on both databases
	cargo bench --locked --quiet --bench pipeline
	tests/services/with-postgres cargo bench --locked --quiet --bench pipeline -- --postgres

# --- the front end ---

.PHONY: web
web: web/dist/.built ## build the front end from its lock file

web/node_modules/.installed: web/package-lock.json
	npm ci --prefix web --ignore-scripts --no-progress --loglevel=error
	touch $@

# Takes half a minute, so it is apart from what changes often.
web/dist/quickjs.wasm: web/node_modules/.installed web/engine.mjs
	node web/engine.mjs

web/dist/.built: web/dist/quickjs.wasm web/build.mjs static/css/fonts.css $(wildcard web/src/* web/libraries/*)
	node web/build.mjs
	touch $@

# --- checking ---

checks := services tools web format lint licences unused unit challenges libraries browser

.PHONY: test $(checks)
test: ## check everything: both databases and the browser too
	@declare -a report
	for check in $(checks); do
		printf '\n=== %s\n' "$$check"
		started=$$SECONDS
		$(MAKE) --no-print-directory "$$check"
		report+=("$$(printf '%6d s  %s' $$((SECONDS - started)) "$$check")")
	done
	printf '\nEverything holds.\n'
	printf '%s\n' "$${report[@]}"

services:
	tests/services/install

tools:
	tests/services/tools $(tools)

format:
	cargo fmt --check

lint: web
	cargo clippy --locked --all-targets --quiet -- --deny warnings

licences: tools
	cargo deny --locked check licenses bans sources

unused: tools
	cargo machete

unit: services web
	tests/services/with-postgres cargo test --locked --quiet

challenges: web
	cargo run --locked --quiet -- challenge check

libraries: web
	cargo build --locked --quiet
	node --test tests/libraries/*.test.mjs

browser: services web
	cargo build --locked --quiet
	tests/services/with-postgres node --test tests/browser/*.test.mjs

.PHONY: picture
picture: services web ## take the picture of the README anew
	cargo build --locked --quiet
	node tests/browser/picture.mjs
