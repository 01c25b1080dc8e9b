# colua and the Lua module codeocean. `make help` prints this list.
#
#   make              all: build/colua, build/codeocean/*.so, libcodeocean.a
#   make demo         set up the machine, build, run a bulk-tagging job
#   make test         set up the machine, build, run every test
#   make check        build and run every test; installs nothing
#
# May be set: BUILD=build CC= CFLAGS= LDFLAGS= OPT=-O2 SANITIZE= WERROR=-Werror
# V=1; for tests also LANES, how many files run at once
#
#   make setup        install what the build needs (.ci/packages says what)
#   make setup-test   that, and what test, lint, asan and the like need
#   make setup-bench  that, and what bench needs, its peers included
#   make setup-checks that, and what fuzz, valgrind and coverage need
#   make setup-static what static needs
#
# Checks; these install nothing, and name the setup that they lack:
#
#   make lint         style, static analysis, the walls of the house
#   make hardening    what the binaries lack of the hardening that was asked for
#   make asan         the tests under AddressSanitizer and UBSan
#   make tsan         the sandbox and its clients under ThreadSanitizer
#   make gcstress     the tests with the collector at work all the time (hours)
#   make torture      every allocation fails once
#   make faults       every command under every fault
#   make gateways     real nginx, haproxy and squid before the sandbox, in full
#   make contention   writers on the same assets: lost tags; WRITERS=4 ASSETS=200
#   make slurm        the cookbook's array on a real Slurm, on loopback
#   make crash        bulk runs killed at random, resumed; RUNS=200 SEED=1
#   make mutants      the safety core broken on purpose: what notices;
#                     MUTANT="TEXT", those with the text in their name
#   make simulate     histories of runs, editors and faults; SEEDS=10000 FIRST=1,
#                     or HISTORY="4711 …", the line of a failure
#   make soak         mixed work for a while, server killed; SECONDS=60 SEED=1
#   make million      a million gets, the memory stays what it was
#   make fuzz         odd input; SECONDS=60 a target (fuzzers builds them)
#   make hostile      random Lua programs over the public API; FIRST=1 COUNT=5000
#                     (Lua's source package goes into BUILD)
#   make valgrind     C tests and specs under memcheck
#   make test-lua LUA=5.3   the library's specs under Lua 5.3, or 5.5
#   make coverage     which lines no test reaches
#   make bench        measures against peers and the limit (bench/README.md)
#   make bench-quick  the same, shorter
#   make bench-instructions   instructions against bench/instructions.txt
#   make bench-scale  memory and CPU of commands; ASSETS="10000 100000"
#
# Documentation, installation, packages:
#
#   make docs         the reference, annotations, man page, completions
#   make share        man page and completions alone, which install puts away
#   make docs-check   whether the committed pages are those of the source
#   make install      PREFIX=/usr/local LIBDIR=PREFIX/lib DESTDIR=
#   make install-strip   the same, without symbols
#   make uninstall    takes away what install put there
#   make static       one colua that starts on any Linux, build/static/colua
#                     CROSS=aarch64-linux-gnu: for another processor
#   make deb          Debian packages of what is committed, in build/deb
#   make dist         build/colua-VERSION.tar.gz, the same bytes every time
#   make rock         the module alone; LuaRocks calls it, and install-rock
#   make rock-sandbox  the sandbox as a rock; LuaRocks calls it, and
#                     install-rock-sandbox
#   make rockspec URL=https://…/colua.git   rockspecs of this version, in BUILD
#   make clean        removes BUILD

PUBLIC = all demo test check setup setup-test setup-bench \
  setup-checks setup-static lint hardening asan tsan gcstress torture faults gateways \
  contention slurm crash simulate mutants soak million fuzz fuzzers hostile valgrind test-lua \
  coverage bench bench-quick \
  bench-instructions bench-scale docs share docs-check install install-strip uninstall \
  static deb dist rock rock-sandbox install-rock install-rock-sandbox rockspec clean help

BUILD  ?= build
$(if $(word 2,$(BUILD)),$(error BUILD is one word; make knows no blanks in names))
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
PKG_CONFIG ?= pkg-config

# The version of Lua to build for: that of the headers in LUA_INCDIR, else 5.4.
# Everything builds for 5.4; the module alone builds for 5.3 and 5.5 too.
header_version = $(patsubst 50%,5.%,$(lastword $(shell echo LUA_VERSION_NUM | \
  $(CC) '-I$(LUA_INCDIR)' -include lua.h -E -P - 2>/dev/null)))
LUA_VERSION ?= $(or $(if $(LUA_INCDIR),$(header_version)),5.4)
LUA ?= lua$(LUA_VERSION)

OPT ?= -O2
CET := $(shell echo 'int x;' | $(CC) -fcf-protection -x c -c -o /dev/null - \
  2>/dev/null && echo -fcf-protection)
HARDEN ?= -fstack-protector-strong -fstack-clash-protection \
  -D_FORTIFY_SOURCE=2 $(CET)
SANITIZE ?=
# A warning is an error in CI and lint only: a user's compiler may be older or
# newer than those that were tried.
WERROR ?=
WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
  -Wmissing-prototypes -Wundef $(WERROR)
# The headers in LUA_INCDIR come before those of pkg-config.
CFLAGS_ALL = -std=c11 $(OPT) -g $(WARNINGS) -fPIC -fvisibility=hidden \
  -D_GNU_SOURCE -Isrc $(if $(LUA_INCDIR),'-I$(LUA_INCDIR)') $(HARDEN) \
  $(SANITIZE) $(INCLUDES) $(CFLAGS) -MMD -MP
LINK = $(CC) $(SANITIZE) -Wl,-z,relro,-z,now,-z,noexecstack

, := ,

# V=1 shows the commands.
Q = $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)  $(patsubst $(BUILD)/%,%,$@)")
INCLUDES := $(shell $(PKG_CONFIG) --cflags lua$(LUA_VERSION) libcurl libmicrohttpd \
  sqlite3 2>/dev/null)

sources = $(wildcard src/$(1)/*.c src/$(1)/*/*.c)
objects = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(call sources,$(1)))
CORE    := $(call objects,core)
BINDING := $(call objects,binding)
SANDBOX := $(call objects,sandbox)
COLUA   := $(call objects,colua) $(BUILD)/obj/bundle.o
LUA_FILES := $(sort $(shell find lua scripts -name '*.lua'))

# libmicrohttpd and SQLite are linked into colua: on another machine it needs
# only liblua, libcurl, libgnutls and what these depend on.
STATIC = -Wl,--as-needed -Wl,-Bstatic -lmicrohttpd -lsqlite3 \
  -Wl,-Bdynamic -lgnutls
DYNAMIC = -llua5.4 -lcurl -lm -ldl -lrt -lpthread

# The group of .ci/packages that a build needs; NEEDS=rock for the module alone.
NEEDS ?= build

# Writes a text to the target, only if the file's text differs. What depends on
# such a file of flags or of file names is made again only when these change.
keep = @mkdir -p $(@D) && printf '%s\n' $(1) | cmp -s - $@ || printf '%s\n' $(1) >$@
quoted = '$(subst ','\'',$(strip $(1)))'

all: $(BUILD)/colua $(BUILD)/codeocean/core.so $(BUILD)/codeocean/sandbox.so \
  $(BUILD)/libcodeocean.a
	$(if $(MAKECMDGOALS),,@echo "make help lists all targets")

$(BUILD)/tools: .ci/packages .ci/setup
	@.ci/setup --check $(NEEDS)
	@echo | $(CC) $(if $(LUA_INCDIR),'-I$(LUA_INCDIR)') $(INCLUDES) -include lua.h -E - \
	  >/dev/null 2>&1 || { echo "make: the headers of Lua $(LUA_VERSION) are missing: Debian \
	has them in liblua$(LUA_VERSION)-dev, and LUA_INCDIR= names another folder" >&2; exit 1; }
	@mkdir -p $(@D) && touch $@

# BUILD is one of the flags, since the .d files contain its spelling.
# `make install` does not compare flags: it installs what was built, whatever
# the flags were.
INSTALLS = install install-strip
$(BUILD)/flags: $(if $(filter-out $(INSTALLS),$(or $(MAKECMDGOALS),all)),FORCE) | $(BUILD)/tools
	$(call keep,$(call quoted,$(BUILD) $(CC) $(CFLAGS_ALL) $(LINK) $(LDFLAGS)))

# The list of C files: without it, a deleted file would stay linked in.
$(BUILD)/sources: FORCE
	$(call keep,$(sort $(wildcard src/*/*.c src/*/*/*.c)))

LINKED = $(BUILD)/flags $(BUILD)/sources

$(BUILD)/colua: $(COLUA) $(CORE) $(BINDING) $(SANDBOX) $(LINKED)
	$(call say,LINK)
	$(Q)$(LINK) -pie -o $@ $(filter %.o,$^) $(STATIC) $(DYNAMIC) $(LDFLAGS)

# Keeps the module and the libraries that it uses loaded: a thread of libcurl's
# resolver may outlive the Lua state.
comma := ,
STAY := $(if $(filter Linux,$(shell uname -s)),-Wl$(comma)-z$(comma)nodelete)

$(BUILD)/codeocean/core.so: $(CORE) $(BINDING) $(LINKED)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(LINK) -shared $(STAY) -o $@ $(filter %.o,$^) \
	  $(if $(CURL_LIBDIR),'-L$(CURL_LIBDIR)') -lcurl $(LDFLAGS)

$(BUILD)/codeocean/sandbox.so: $(SANDBOX) $(LINKED)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(LINK) -shared -o $@ $(filter %.o,$^) -lmicrohttpd -lsqlite3 -lpthread $(LDFLAGS)

$(BUILD)/obj/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

# The Lua files and the commands, compiled in.
$(BUILD)/bundle.list: FORCE
	$(call keep,$(LUA_FILES))

$(BUILD)/bundle.c: src/colua/bundle.lua $(BUILD)/bundle.list $(LUA_FILES) | $(BUILD)/tools
	$(call say,LUA)
	$(Q)$(LUA) $< $(LUA_FILES) argparse > $@.new
	@mv $@.new $@

$(BUILD)/obj/bundle.o: $(BUILD)/bundle.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

# Tests ---------------------------------------------------------------------

CORE_TESTS := $(patsubst spec/core/%.c,$(BUILD)/spec/%,\
  $(wildcard spec/core/*_test.c spec/core/*/*_test.c))

$(BUILD)/spec/%: spec/core/%.c $(CORE) $(LINKED)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CFLAGS_ALL) -Ispec/core -MF $@.d -o $@ $< $(CORE) -lcurl -lm $(LDFLAGS)

setup:
	@.ci/setup

setup-test setup-bench setup-checks setup-static: setup-%:
	@.ci/setup $*

# Installs nothing: names the missing packages and the command that installs
# them.
needs-lint needs-test needs-bench needs-checks: needs-%:
	@.ci/setup --check $*

CORES := $(shell nproc 2>/dev/null || echo 2)

test: setup-test
	@$(MAKE) --no-print-directory -j$(CORES) all
	@$(MAKE) --no-print-directory check

check: all $(CORE_TESTS)
	@BUILD=$(BUILD) spec/run $(CORE_TESTS)

# asan, tsan, torture, fuzz, crash and the other long checks.
include spec/checks.mk

lint: needs-lint
	@.ci/lint

# Looks with readelf at the files that were built, not at the flags.
hardening: all
	@.ci/hardening $(BUILD)

demo: setup
	@echo "building colua; the first time it takes about half a minute" >&2
	@$(MAKE) --no-print-directory -j$(CORES) all >/dev/null
	@$(BUILD)/colua examples/demo.lua

# The library for C hosts: one object that exports one name,
# luaopen_codeocean. Its bundle has the module's files only.
MODULE_FILES := $(filter lua/codeocean/%,$(LUA_FILES))
EMBED := $(call objects,embed) $(BUILD)/obj/module.o

$(BUILD)/module.c: src/colua/bundle.lua $(BUILD)/bundle.list $(MODULE_FILES) | $(BUILD)/tools
	$(call say,LUA)
	$(Q)$(LUA) $< $(MODULE_FILES) > $@.new
	@mv $@.new $@

$(BUILD)/obj/module.o: $(BUILD)/module.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(BUILD)/libcodeocean.a: $(EMBED) $(CORE) $(BINDING) $(LINKED)
	$(call say,AR)
	$(Q)$(CC) -r -nostdlib -o $(BUILD)/obj/codeocean.o $(filter %.o,$^)
	$(Q)objcopy --keep-global-symbol=luaopen_codeocean $(BUILD)/obj/codeocean.o
	$(Q)rm -f $@ && $(AR) rcsD $@ $(BUILD)/obj/codeocean.o

# Benchmarks ----------------------------------------------------------------

# ROWS="get update" chooses rows; RESULT=bench/results/2026-01-31.txt keeps the
# result.
bench: needs-bench
	@$(MAKE) --no-print-directory -j$(CORES) all >/dev/null
	@$(MAKE) --no-print-directory -s -f bench/Makefile
	@BUILD=$(BUILD) bench/run $(ROWS) $(if $(RESULT),--result $(RESULT))

bench-quick:
	@$(MAKE) --no-print-directory bench ROWS="--quick $(ROWS)"

bench-instructions: needs-checks
	@$(MAKE) --no-print-directory -j$(CORES) all >/dev/null
	@BUILD=$(BUILD) bench/instructions

bench-scale: all
	@$(MAKE) --no-print-directory -s -f bench/Makefile
	@BUILD=$(BUILD) bench/scale $(ASSETS)


# Documentation -------------------------------------------------------------
#
# What people read in the repository is committed, the rest is built. All of
# it comes from lua/codeocean/reference and the commands' own options.

SHARE = $(BUILD)/share
ANNOTATED = codeocean $(addprefix codeocean/,bulk tags ids input/sheet output json sandbox)
COMMITTED = markdown docs/reference.md \
  $(foreach m,$(ANNOTATED),annotations docs/annotations/library/$(m).lua)

share: $(BUILD)/share.made

# A file marks the folder as complete, so that specs that install at the same
# time do not write it anew.
$(BUILD)/share.made: $(BUILD)/colua $(shell find docs/annotations -type f 2>/dev/null)
	@mkdir -p $(SHARE)/man/man1 $(SHARE)/bash-completion/completions \
	  $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	@$(BUILD)/colua man >$(SHARE)/man/man1/colua.1
	@$(BUILD)/colua completion bash >$(SHARE)/bash-completion/completions/colua
	@$(BUILD)/colua completion zsh >$(SHARE)/zsh/site-functions/_colua
	@$(BUILD)/colua completion fish >$(SHARE)/fish/vendor_completions.d/colua.fish
	@rm -rf $(SHARE)/colua && mkdir -p $(SHARE)/colua && cp -R docs/annotations $(SHARE)/colua/
	@touch $@

docs: share
	@$(BUILD)/colua manual/run.lua $(COMMITTED)

docs-check: all
	@BUILD=$(BUILD) SPECS=spec/docs spec/run


# Installation --------------------------------------------------------------

PLACES = BUILD="$(BUILD)" PREFIX="$(PREFIX)" LIBDIR="$(LIBDIR)" DESTDIR="$(DESTDIR)"

install: all share
	@$(PLACES) packaging/install

install-strip: all share
	@$(PLACES) packaging/install --strip

uninstall:
	@$(PLACES) packaging/uninstall

static:
	@$(MAKE) --no-print-directory -f packaging/static.mk \
	  BUILD=$(BUILD)/static$(addprefix -,$(CROSS))

deb:
	@packaging/deb $(BUILD)/deb

dist:
	@mkdir -p $(BUILD) && packaging/dist $(BUILD)

# What the rockspec calls: the module alone, which needs neither the
# sandbox's libraries nor the interpreter's.
rock: $(BUILD)/codeocean/core.so $(BUILD)/lua

# The module's Lua files; for Lua 5.3 rewritten without <close> variables.
$(BUILD)/lua: $(MODULE_FILES) $(wildcard packaging/lua53/*.lua)
	@rm -rf $@ $@.new && mkdir -p $@.new
	$(Q)$(if $(filter 5.3,$(LUA_VERSION)),$(LUA) packaging/lua53/write_out.lua,cp -R) \
	  lua/codeocean $@.new/codeocean
	@mv $@.new $@

install-rock:
	mkdir -p "$(ROCK_LUADIR)" "$(ROCK_LIBDIR)/codeocean"
	cp -R "$(BUILD)/lua/codeocean" "$(ROCK_LUADIR)/"
	cp "$(BUILD)/codeocean/core.so" "$(ROCK_LIBDIR)/codeocean/"

rock-sandbox: $(BUILD)/codeocean/sandbox.so

install-rock-sandbox:
	mkdir -p "$(ROCK_LIBDIR)/codeocean"
	cp "$(BUILD)/codeocean/sandbox.so" "$(ROCK_LIBDIR)/codeocean/"

rockspec:
	$(if $(URL),,$(error URL= is where others clone the repository: https://example.org/colua.git))
	@packaging/rockspec $(URL) $(BUILD)

clean:
	rm -rf $(BUILD)

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

.PHONY: FORCE $(PUBLIC)

-include $(shell find $(BUILD) -type f -name '*.d' ! -path '*/source/*' 2>/dev/null)
