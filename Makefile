# colua and the Lua module codeocean.
#
#   make            build/colua, build/codeocean/core.so, .../sandbox.so
#   make demo       set up the machine, build, run a bulk-tagging job
#   make test       set up the machine, build, run every test
#   make gcstress   the tests with the collector at work all the time
#   make lint       style, static analysis, the walls of the house
#   make faults     every command under every fault
#   make crash      bulk runs killed at random, resumed; RUNS=200 SEED=1
#   make soak       mixed work for a while, server killed; SECONDS=60 SEED=1
#   make million    a million gets, the memory stays what it was
#   make asan       the tests under AddressSanitizer and UBSan
#   make docs       the reference, annotations, man page, completions
#   make torture    every allocation fails once
#   make fuzz       odd input, SECONDS=60 a target
#   make valgrind   C tests and specs under memcheck
#   make tsan       the sandbox and its clients under ThreadSanitizer
#   make coverage   which lines no test reaches
#   make install    PREFIX=/usr/local DESTDIR=
#   make uninstall what that put there, taken away
#   make bench      measures against peers and the limit (bench/README.md)
#   make dist       build/colua-VERSION.tar.gz, the same bytes every time
#   make clean

BUILD  ?= build
PREFIX ?= /usr/local
PKG_CONFIG ?= pkg-config
LUA ?= lua5.4

OPT ?= -O2
CET := $(shell echo 'int x;' | $(CC) -fcf-protection -x c -c -o /dev/null - \
  2>/dev/null && echo -fcf-protection)
HARDEN ?= -fstack-protector-strong -fstack-clash-protection \
  -D_FORTIFY_SOURCE=2 $(CET)
SANITIZE ?=
WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
  -Wmissing-prototypes -Wundef -Werror
CFLAGS_ALL = -std=c11 $(OPT) -g $(WARNINGS) -fPIC -fvisibility=hidden \
  -D_GNU_SOURCE -Isrc $(HARDEN) $(SANITIZE) $(INCLUDES) $(CFLAGS) -MMD -MP
LINK = $(CC) $(SANITIZE) -Wl,-z,relro,-z,now,-z,noexecstack

, := ,

# V=1 shows the commands.
Q = $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)  $(patsubst $(BUILD)/%,%,$@)")
INCLUDES := $(shell $(PKG_CONFIG) --cflags lua5.4 libcurl libmicrohttpd \
  sqlite3 libedit 2>/dev/null)

sources = $(wildcard src/$(1)/*.c)
objects = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(call sources,$(1)))
CORE    := $(call objects,core)
BINDING := $(call objects,binding)
SANDBOX := $(call objects,sandbox)
COLUA   := $(call objects,colua) $(BUILD)/obj/bundle.o
LUA_FILES := $(sort $(shell find lua scripts -name '*.lua'))

# colua carries these inside, so that it needs only liblua and libcurl (and
# what they bring) where it is copied to.
STATIC = -Wl,--as-needed -Wl,-Bstatic -llua5.4-cjson -lmicrohttpd \
  -lsqlite3 -ledit -lbsd -lmd \
  -Wl,-Bdynamic -lgnutls -ltinfo
DYNAMIC = -llua5.4 -lcurl -lz -lm -ldl -lpthread

all: $(BUILD)/colua $(BUILD)/codeocean/core.so $(BUILD)/codeocean/sandbox.so \
  $(BUILD)/libcodeocean.a

$(BUILD)/colua: $(COLUA) $(CORE) $(BINDING) $(SANDBOX)
	$(call say,LINK)
	$(Q)$(LINK) -pie -o $@ $^ $(STATIC) $(DYNAMIC) $(LDFLAGS)

$(BUILD)/codeocean/core.so: $(CORE) $(BINDING)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(LINK) -shared -o $@ $^ -lcurl $(LDFLAGS)

$(BUILD)/codeocean/sandbox.so: $(SANDBOX)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(LINK) -shared -o $@ $^ -lmicrohttpd -lsqlite3 -lpthread $(LDFLAGS)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

# The Lua files and the commands, compiled in. The list changes when a file
# is added or removed, which no time stamp would tell.
$(BUILD)/bundle.list: FORCE
	@mkdir -p $(@D)
	@echo $(LUA_FILES) | cmp -s - $@ || echo $(LUA_FILES) > $@

$(BUILD)/bundle.c: src/colua/bundle.lua $(BUILD)/bundle.list $(LUA_FILES)
	$(call say,LUA)
	$(Q)$(LUA) $< $(LUA_FILES) argparse > $@.new
	@mv $@.new $@

$(BUILD)/obj/bundle.o: $(BUILD)/bundle.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

# Tests ---------------------------------------------------------------------

CORE_TESTS := $(patsubst spec/core/%.c,$(BUILD)/spec/%,$(wildcard spec/core/*_test.c))

$(BUILD)/spec/%: spec/core/%.c $(CORE)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CFLAGS_ALL) -MF $@.d -o $@ $< $(CORE) -lcurl -lm $(LDFLAGS)

setup:
	@.ci/setup

setup-test:
	@.ci/setup test

CORES := $(shell nproc 2>/dev/null || echo 2)

test: setup-test
	@$(MAKE) --no-print-directory -j$(CORES) all
	@$(MAKE) --no-print-directory check

check: all $(CORE_TESTS)
	@BUILD=$(BUILD) spec/run $(CORE_TESTS)

asan: setup-test
	@$(MAKE) --no-print-directory check $(SANITIZED)

# Memory, threads, odd input, and what the tests do not reach ----------------

SANITIZED = BUILD=build/asan OPT=-O1 HARDEN= \
  SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"

WRAPPED = malloc calloc realloc strdup free getentropy
TORTURE = $(patsubst spec/torture/%.c,$(BUILD)/obj/torture/%.o,$(wildcard spec/torture/*.c))

$(BUILD)/obj/torture/%.o: spec/torture/%.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(BUILD)/torture: $(TORTURE) $(CORE) $(BINDING) $(BUILD)/obj/bundle.o
	$(call say,LINK)
	$(Q)$(LINK) $(patsubst %,-Wl$(,)--wrap=%,$(WRAPPED)) -o $@ $^ -llua5.4 -lcurl -lm

.PHONY: torture
torture: setup
	@$(MAKE) --no-print-directory -j$(CORES) all
	@$(MAKE) --no-print-directory -j$(CORES) $(SANITIZED) build/asan/torture
	@$(BUILD)/colua spec/torture/run.lua build/asan/torture

# The collector starts over as soon as it has ended, a step every 64 bytes.
gcstress: setup-test
	@LUA_INIT_5_4='collectgarbage("incremental", 0, 1000, 6)' $(MAKE) \
	  --no-print-directory check

setup-checks:
	@.ci/setup checks

# Odd input: SECONDS for each target.
FUZZERS = $(patsubst spec/fuzz/%.c,build/fuzz/%.fuzz,$(wildcard spec/fuzz/*.c))

$(BUILD)/%.fuzz: spec/fuzz/%.c spec/fuzz/fuzz.h spec/fuzz/state.h $(CORE) $(BINDING) $(SANDBOX)
	$(call say,CLANG)
	$(Q)$(CC) $(CFLAGS_ALL) -fsanitize=fuzzer -MF $@.d -o $@ $< $(CORE) $(BINDING) $(SANDBOX) \
	  -llua5.4 -lcurl -lmicrohttpd -lsqlite3 -lz -lm -lpthread

.PHONY: fuzz fuzzers setup-checks
fuzzers: $(FUZZERS)

fuzz: setup-checks
	@$(MAKE) --no-print-directory -j$(CORES) fuzzers BUILD=build/fuzz CC=clang OPT=-O1 HARDEN= \
	  SANITIZE="-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all" WARNINGS=
	@spec/fuzz/run $(or $(SECONDS),60) $(FUZZERS)

.PHONY: valgrind tsan coverage
valgrind: setup-checks
	@$(MAKE) --no-print-directory -j$(CORES) all $(CORE_TESTS)
	@BUILD=$(BUILD) spec/valgrind/run $(CORE_TESTS)

COVERED = BUILD=build/coverage OPT=-O0 HARDEN= SANITIZE=--coverage
coverage: setup-checks
	@$(MAKE) --no-print-directory -j$(CORES) $(COVERED) all build/coverage/torture \
	  $(CORE_TESTS:$(BUILD)/%=build/coverage/%)
	@spec/coverage/run $(CORE_TESTS:$(BUILD)/%=build/coverage/%)

# The sandbox's thread and its clients.
tsan: setup-test
	@$(MAKE) --no-print-directory -j$(CORES) all BUILD=build/tsan OPT=-O1 HARDEN= SANITIZE=-fsanitize=thread
	@BUILD=build/tsan TSAN_OPTIONS="suppressions=spec/tsan.supp halt_on_error=1 exitcode=66" \
	  SPECS="spec/sandbox spec/codeocean/tasks/map_spec.lua spec/codeocean/client_loop_spec.lua" spec/run

lint: setup-test
	@.ci/lint

# What was built, not what was asked for: readelf says.
hardening: all
	@.ci/hardening $(BUILD)

demo: setup
	@echo "building" >&2
	@$(MAKE) --no-print-directory -j$(CORES) all >/dev/null
	@$(BUILD)/colua examples/demo.lua

# The library for C hosts: one object, of whose names one can be seen. Its
# bundle has the module's files only.
MODULE_FILES := $(filter lua/codeocean/%,$(LUA_FILES))
EMBED := $(call objects,embed) $(BUILD)/obj/module.o

$(BUILD)/module.c: src/colua/bundle.lua $(BUILD)/bundle.list $(MODULE_FILES)
	$(call say,LUA)
	$(Q)$(LUA) $< $(MODULE_FILES) > $@.new
	@mv $@.new $@

$(BUILD)/obj/module.o: $(BUILD)/module.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(BUILD)/libcodeocean.a: $(EMBED) $(CORE) $(BINDING)
	$(call say,AR)
	$(Q)$(CC) -r -nostdlib -o $(BUILD)/obj/codeocean.o $^ -llua5.4-cjson
	$(Q)objcopy --keep-global-symbol=luaopen_codeocean $(BUILD)/obj/codeocean.o
	$(Q)rm -f $@ && $(AR) rcsD $@ $(BUILD)/obj/codeocean.o

# Benchmarks ----------------------------------------------------------------

setup-bench:
	@.ci/setup bench

# ROWS="get update" chooses, RESULT=bench/results/2026-01-31.txt keeps.
bench: setup-bench
	@$(MAKE) --no-print-directory -j$(CORES) all >/dev/null
	@$(MAKE) --no-print-directory -s -f bench/Makefile
	@BUILD=$(BUILD) bench/run $(ROWS) $(if $(RESULT),--result $(RESULT))

bench-quick:
	@$(MAKE) --no-print-directory bench ROWS="--quick $(ROWS)"

bench-instructions: setup-bench
	@$(MAKE) --no-print-directory -j$(CORES) all >/dev/null
	@BUILD=$(BUILD) bench/instructions

.PHONY: setup-bench bench bench-quick bench-instructions

# Documentation -------------------------------------------------------------
#
# What people read in the repository is committed, the rest is built. All of
# it comes from lua/codeocean/reference and the commands' own options.

SHARE = $(BUILD)/share
COMMITTED = markdown docs/reference.md annotations docs/annotations/codeocean.lua \
  $(foreach m,bulk tags ids output json sandbox,annotations docs/annotations/codeocean/$(m).lua)

share: $(BUILD)/colua
	@mkdir -p $(SHARE)/man/man1 $(SHARE)/bash-completion/completions \
	  $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	@$(BUILD)/colua manual/run.lua man $(SHARE)/man/man1/colua.1 \
	  bash $(SHARE)/bash-completion/completions/colua \
	  zsh $(SHARE)/zsh/site-functions/_colua \
	  fish $(SHARE)/fish/vendor_completions.d/colua.fish
	@mkdir -p $(SHARE)/colua && cp -R docs/annotations $(SHARE)/colua/

docs: share
	@$(BUILD)/colua manual/run.lua $(COMMITTED)

docs-check: all
	@BUILD=$(BUILD) SPECS=spec/docs spec/run

.PHONY: share docs docs-check

# Failure --------------------------------------------------------------------

# Every command under every fault; `make test` takes a few of them.
faults: setup-test all
	@FAULTS=full BUILD=$(BUILD) SPECS=spec/faults spec/run

.PHONY: faults crash

# Kills and power cuts: make crash RUNS=200 SEED=1
crash: setup-test all
	@RUNS=$(or $(RUNS),200) SEED=$(or $(SEED),1) BUILD=$(BUILD) SPECS=spec/crash spec/run

# Mixed work against a failing server; a million gets.
soak: setup-test all
	@SOAK_SECONDS=$(or $(SECONDS),60) SEED=$(or $(SEED),1) BUILD=$(BUILD) spec/soak/run

million: setup-test all
	@BUILD=$(BUILD) spec/soak/million

.PHONY: soak million

# Installation --------------------------------------------------------------

install: all share
	@BUILD=$(BUILD) PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" packaging/install

uninstall:
	@BUILD=$(BUILD) PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" packaging/install --remove

dist:
	@mkdir -p $(BUILD) && packaging/dist $(BUILD)

# What the rockspec calls: the module alone, which needs neither the
# sandbox's libraries nor the interpreter's.
rock: $(BUILD)/codeocean/core.so

install-rock:
	mkdir -p $(ROCK_LUADIR) $(ROCK_LIBDIR)/codeocean
	cp -r lua/codeocean $(ROCK_LUADIR)/
	cp $(BUILD)/codeocean/core.so $(ROCK_LIBDIR)/codeocean/

clean:
	rm -rf $(BUILD)

.PHONY: FORCE all setup setup-test test check asan gcstress lint hardening demo install uninstall clean
.PHONY: dist rock install-rock
-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)
