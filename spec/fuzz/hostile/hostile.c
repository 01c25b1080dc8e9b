/*
** Runs random Lua programs over the public API, each drawn from its number:
** program.lua has what they do. Lua has its own checks on, and at an allocation
** it collects or calls a function of the program's (checkpoint.c); the
** allocator may refuse. Everything is built with sanitizers, which end the
** process at the first finding; its last line then names the program.
**
**   hostile FIRST COUNT     HOSTILE_LOG=1 prints each step
*/
#include <lauxlib.h>
#include <lualib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  STATE = 500,                 /* programs in one Lua state */
  PATIENCE = 600,              /* seconds for one program, on a busy machine */
  MEMORY = 256 * 1024 * 1024
};

int luaopen_cjson(lua_State *L);
int luaopen_codeocean_core(lua_State *L);
int luaopen_codeocean_sandbox(lua_State *L);
void __sanitizer_set_death_callback(void (*callback)(void));
void __sanitizer_print_stack_trace(void);
int hostile_due(void);
int hostile_collects(void);

extern const char hostile_key;
const char hostile_key;

static lua_State *current;
static long program;
static uint64_t state = 1;
static unsigned every, collect, refuse;   /* one in so many; 0: never */
static size_t used;


/* The program that was at work when something was found ------------------ */

static void name_program(void) {
  char text[80];
  int n = snprintf(text, sizeof text,
                   "hostile: found by program %ld\n", program);
  if (write(STDERR_FILENO, text, (size_t)n) < 0) return;
}


/* Where it is, in C and in Lua: the process ends here, so nothing is left to
** spoil. What Lua's checks find in the traceback ends the process at once. */
static void on_end(int number) {
  signal(SIGABRT, SIG_DFL);
  name_program();
  __sanitizer_print_stack_trace();
  luaL_traceback(current, current, "hostile: stopped", 0);
  fprintf(stderr, "%s\n", lua_tostring(current, -1));
  signal(number, SIG_DFL);
  raise(number);
}


/* What a program decides about the world --------------------------------- */

static unsigned draw(unsigned below) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (unsigned)((state >> 33) % below);
}


int hostile_due(void) {
  return every > 0 && draw(every) == 0;
}


int hostile_collects(void) {
  return draw(collect) == 0;
}


static void *allocate(void *data, void *block, size_t old, size_t new) {
  (void)data;
  if (block == NULL) old = 0;
  if (new == 0) {
    free(block);
    used -= old;
    return NULL;
  }
  bool grows = new > old;
  if (grows && refuse > 0 && draw(refuse) == 0) return NULL;
  if (grows && used + (new - old) > MEMORY) return NULL;
  void *moved = realloc(block, new);
  if (moved != NULL) used += new - old;
  return moved;
}


/* world(every, collect, refuse, act): at one of `every` allocations Lua stops;
** one of `collect` times to collect, else to call act. One of `refuse`
** allocations fails. 0: never. */
static int set_world(lua_State *L) {
  lua_settop(L, 4);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &hostile_key);
  every = (unsigned)luaL_checkinteger(L, 1);
  collect = (unsigned)luaL_checkinteger(L, 2);
  refuse = (unsigned)luaL_checkinteger(L, 3);
  return 0;
}


/* Running ---------------------------------------------------------------- */

static int open_state(lua_State *L) {
  static const luaL_Reg modules[] = {
    {"cjson", luaopen_cjson},
    {"codeocean.core", luaopen_codeocean_core},
    {"codeocean.sandbox", luaopen_codeocean_sandbox},
    {NULL, NULL}
  };
  luaL_openlibs(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  luaL_setfuncs(L, modules, 0);
  const char *path = getenv("HOSTILE_PATH");
  if (luaL_dostring(L, "package.path = os.getenv 'HOSTILE_PATH'") != LUA_OK ||
      path == NULL)
    return luaL_error(L, "HOSTILE_PATH is where the Lua files are");
  lua_getglobal(L, "require");
  lua_pushliteral(L, "program");
  lua_call(L, 1, 1);
  lua_pushcfunction(L, set_world);
  lua_pushboolean(L, getenv("HOSTILE_LOG") != NULL);
  lua_call(L, 2, 1);
  return 1;
}


static void must(lua_State *L, int status) {
  if (status == LUA_OK) return;
  fprintf(stderr, "hostile: %s\n", luaL_tolstring(L, -1, NULL));
  abort();
}


/* A program may end as it likes. What it left behind may not: the state is
** closed with nothing lost. */
static void run_some(long first, long last) {
  lua_State *L = lua_newstate(allocate, NULL);
  current = L;
  lua_pushcfunction(L, open_state);
  must(L, lua_pcall(L, 0, 1, 0));
  for (program = first; program < last; program++) {
    alarm(PATIENCE);
    state = (uint64_t)program * 0x9E3779B97F4A7C15 | 1;
    lua_pushvalue(L, 1);
    lua_pushinteger(L, program);
    int status = lua_pcall(L, 1, 0, 0);
    every = refuse = 0;
    if (status != LUA_ERRMEM) must(L, status);
    lua_settop(L, 1);
  }
  lua_close(L);
  if (used == 0) return;
  fprintf(stderr, "hostile: %zu bytes left\n", used);
  abort();
}


int main(int argc, char **argv) {
  long first = argc > 1 ? atol(argv[1]) : 1;
  long last = first + (argc > 2 ? atol(argv[2]) : 1000);
  __sanitizer_set_death_callback(name_program);
  signal(SIGABRT, on_end);
  signal(SIGALRM, on_end);
  signal(SIGPIPE, SIG_IGN);
  for (long at = first; at < last; at += STATE)
    run_some(at, at + STATE < last ? at + STATE : last);
  printf("\n%ld programs, nothing found\n", last - first);
  return EXIT_SUCCESS;
}
