# `make run` and `make test` are all that a newcomer types; the other targets are parts of them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

export HALFOPEN_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/halfopen
export CARGO_TARGET_DIR ?= $(HALFOPEN_CACHE)/target
export HALFOPEN_DATA ?= data

web_sources := web/package-lock.json web/build.mjs static/css/fonts.css $(wildcard web/src/*.js web/libraries/*)

.PHONY: run
run: web ## build everything and serve it
	cargo run --release --locked -- serve

.PHONY: web
web: web/dist/.built

web/node_modules/.installed: web/package-lock.json
	cd web && npm ci --ignore-scripts
	touch $@

web/dist/.built: web/node_modules/.installed $(web_sources)
	cd web && npm run --silent build
	touch $@
