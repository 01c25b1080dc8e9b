# The checks beside `make test`: sanitizers, allocations, odd input, memcheck,
# coverage, faults, gateways, crashes, histories, mutants, load. The Makefile
# includes this file, and its head lists the targets with their variables. Most
# checks are a folder of spec/; no check installs anything.

# Memory, threads, odd input, and what the tests do not reach ----------------

SANITIZED = BUILD=build/asan OPT=-O1 HARDEN= \
  SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"

asan: needs-test
	@$(MAKE) --no-print-directory check $(SANITIZED)

WRAPPED = malloc calloc realloc strdup free getentropy
TORTURE = $(patsubst spec/torture/%.c,$(BUILD)/obj/torture/%.o,$(wildcard spec/torture/*.c))

$(BUILD)/obj/torture/%.o: spec/torture/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(BUILD)/torture: $(TORTURE) $(CORE) $(BINDING) $(BUILD)/obj/bundle.o $(LINKED)
	$(call say,LINK)
	$(Q)$(LINK) $(patsubst %,-Wl$(,)--wrap=%,$(WRAPPED)) -o $@ $(filter %.o,$^) -llua5.4 -lcurl -lm

torture:
	@$(MAKE) --no-print-directory -j$(CORES) all
	@$(MAKE) --no-print-directory -j$(CORES) $(SANITIZED) build/asan/torture
	@$(BUILD)/colua spec/torture/run.lua build/asan/torture

# The collector starts over as soon as it has ended, a step every 64 bytes.
gcstress: needs-test
	@LUA_INIT_5_4='collectgarbage("incremental", 1, 1000, 6)' $(MAKE) --no-print-directory check

# Odd input: SECONDS for each target.
FUZZERS = $(patsubst spec/fuzz/%.c,build/fuzz/%.fuzz,$(wildcard spec/fuzz/*.c))

$(BUILD)/%.fuzz: spec/fuzz/%.c spec/fuzz/fuzz.h spec/fuzz/state.h $(CORE) $(BINDING) $(SANDBOX) $(LINKED)
	$(call say,CLANG)
	$(Q)$(CC) $(CFLAGS_ALL) -fsanitize=fuzzer -MF $@.d -o $@ $< $(CORE) $(BINDING) $(SANDBOX) \
	  -llua5.4 -lcurl -lmicrohttpd -lsqlite3 -lm -lpthread

fuzzers: $(FUZZERS)

fuzz: needs-checks
	@$(MAKE) --no-print-directory -j$(CORES) fuzzers BUILD=build/fuzz CC=clang OPT=-O1 HARDEN= \
	  SANITIZE="-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all" WARNINGS=
	@spec/fuzz/run $(or $(SECONDS),60) $(FUZZERS)

# Hostile Lua programs, run by a Lua whose internal checks are on if its source
# package can be downloaded.
$(BUILD)/hostile: $(wildcard spec/fuzz/hostile/*.c) spec/fuzz/hostile/lua $(CORE) $(BINDING) \
  $(SANDBOX) $(LINKED)
	$(call say,CC)
	$(Q)library=$$(spec/fuzz/hostile/lua $(BUILD)/lua $(SANITIZE)) && \
	  $(CC) $(CFLAGS_ALL) -MF $@.d -o $@ spec/fuzz/hostile/hostile.c $(CORE) $(BINDING) \
	  $(SANDBOX) -Wl,-Bstatic -llua5.4-cjson -Wl,-Bdynamic $${library:--llua5.4} -lcurl \
	  -lmicrohttpd -lsqlite3 -lm -ldl -lpthread

hostile:
	@$(MAKE) --no-print-directory -j$(CORES) $(SANITIZED) build/asan/hostile
	@spec/fuzz/hostile/run build/asan/hostile $(or $(FIRST),1) $(or $(COUNT),5000)

# Built without colua's own allocator, so that memcheck sees each block of Lua.
MEMCHECKED = $(CORE_TESTS:$(BUILD)/%=build/valgrind/%)
valgrind: needs-checks
	@$(MAKE) --no-print-directory -j$(CORES) BUILD=build/valgrind \
	  CFLAGS=-DCL_PLAIN_ALLOC all $(MEMCHECKED)
	@BUILD=build/valgrind spec/valgrind/run $(MEMCHECKED)

# The library's specs that another Lua can read, with the module built for it.
test-lua:
	@$(MAKE) --no-print-directory LUA=lua5.4 all
	@BUILD=$(BUILD) spec/lua/run $(LUA)

COVERED = BUILD=build/coverage OPT=-O0 HARDEN= SANITIZE=--coverage
coverage: needs-checks
	@$(MAKE) --no-print-directory -j$(CORES) $(COVERED) all build/coverage/torture \
	  $(CORE_TESTS:$(BUILD)/%=build/coverage/%)
	@spec/coverage/run $(CORE_TESTS:$(BUILD)/%=build/coverage/%)

# The sandbox's thread and its clients.
tsan: needs-test
	@$(MAKE) --no-print-directory -j$(CORES) all BUILD=build/tsan OPT=-O1 HARDEN= SANITIZE=-fsanitize=thread
	@BUILD=build/tsan TSAN_OPTIONS="suppressions=$(CURDIR)/spec/tsan.supp halt_on_error=1 exitcode=66" \
	  SPECS="spec/sandbox spec/codeocean/tasks/map_spec.lua spec/codeocean/client_loop_spec.lua" spec/run


# Failure --------------------------------------------------------------------

# Every command under every fault; `make test` takes a few of them.
faults: needs-test all
	@FAULTS=full BUILD=$(BUILD) SPECS=spec/faults spec/run

# Real gateways before the sandbox; `make test` has shorter runs of them.
gateways: needs-test all
	@GATEWAYS=full BUILD=$(BUILD) SPECS=spec/gateways spec/run

# Writers on the same assets at once: how many tags are lost.
contention: needs-test all
	@WRITERS=$(or $(WRITERS),4) ASSETS=$(or $(ASSETS),200) BUILD=$(BUILD) SPECS=spec/contention spec/run

# The cookbook's array on a cluster of one node. Without Slurm and munge the
# specs are reported as skipped.
slurm: all
	@SLURM=yes BUILD=$(BUILD) SPECS=spec/slurm spec/run

# Kills and power cuts: make crash RUNS=200 SEED=1
crash: needs-test all
	@RUNS=$(or $(RUNS),200) SEED=$(or $(SEED),1) LIMIT=86400 BUILD=$(BUILD) SPECS=spec/crash \
	  spec/run

# Histories in virtual time. A seed always gives the same history. A failure
# prints a line with HISTORY="4711 …", which replays the part that fails.
simulate: all
	@LUA_PATH="lua/?.lua;lua/?/init.lua;spec/simulate/?.lua;;" LUA_CPATH="$(BUILD)/?.so;;" \
	  $(BUILD)/colua spec/simulate/run.lua \
	  $(if $(HISTORY),"$(HISTORY)",$(or $(SEEDS),10000) $(or $(FIRST),1))

mutants: needs-test all $(CORE_TESTS)
	@LUA_PATH="spec/mutants/?.lua;;" $(BUILD)/colua spec/mutants/run.lua $(MUTANT)

# Mixed work against a failing server; a million gets.
soak: needs-test all
	@SOAK_SECONDS=$(or $(SECONDS),60) SEED=$(or $(SEED),1) BUILD=$(BUILD) spec/soak/run

million: needs-test all
	@BUILD=$(BUILD) spec/soak/million
