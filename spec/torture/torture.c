/*
** Runs each scenario again and again, with the first allocation failing, the
** second, the third, until a run needs no more. Each time in a fresh state:
** what comes out must be a clean error or the right result, the same thing
** must work afterwards, and closing the state must give all memory back.
**
**   torture scenarios.lua url token secure authority stranger
**           [scenario [number]]
**
** secure: a server with TLS; authority: the file of the authority that issued
** its certificate; stranger: the file of another one. "-": there is none.
*/
#include <curl/curl.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "colua/bundle.h"
#include "meter.h"

enum { FINDINGS_MOST = 20, PATIENCE = 60 };
enum { SERVERS = 5, SCENARIO = 2 + SERVERS };  /* how many; a place in argv */

int luaopen_codeocean_core(lua_State *L);

static const char *file;
static char *const *servers;   /* url, token, secure, authority, stranger */
static long failures, findings;


/* The state -------------------------------------------------------------- */

static int search(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  for (size_t i = 0; i < cl_bundle_count; i++) {
    const struct cl_bundle_file *row = &cl_bundle[i];
    if (row->kind == CL_BUNDLE_MODULE && strcmp(row->name, name) == 0)
      return luaL_loadbufferx(L, row->code, row->size, name, "b") == LUA_OK;
  }
  return 0;
}


static void install(lua_State *L) {
  luaL_openlibs(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(L, luaopen_codeocean_core);
  lua_setfield(L, -2, "codeocean.core");
  lua_getglobal(L, LUA_LOADLIBNAME);
  lua_getfield(L, -1, "searchers");
  lua_pushcfunction(L, search);
  lua_seti(L, -2, 2);
  lua_pop(L, 3);
}


/* Leaves {make, run, again} and what make() returned on the stack. */
static int prepare(lua_State *L) {
  install(L);
  if (luaL_loadfile(L, file) != LUA_OK) return lua_error(L);
  for (int i = 0; i < SERVERS; i++)
    lua_pushstring(L, strcmp(servers[i], "-") == 0 ? NULL : servers[i]);
  lua_call(L, SERVERS, 1);
  if (lua_geti(L, -1, luaL_checkinteger(L, 1)) == LUA_TNIL) return 0;
  lua_getfield(L, -1, "without");
  if (lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    return 1;
  }
  lua_getfield(L, -2, "make");
  lua_call(L, 0, 1);
  lua_replace(L, -2);
  return 2;
}


/* Verdicts --------------------------------------------------------------- */

/* luaL_checkstack says "stack overflow" for both. */
static bool is_memory_text(lua_State *L, int idx) {
  const char *text = lua_type(L, idx) == LUA_TSTRING ? lua_tostring(L, idx)
                                                     : "";
  return strstr(text, "not enough memory") != NULL ||
         strstr(text, "stack overflow (") != NULL;
}


static bool is_memory_error(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  if (is_memory_text(L, idx)) return true;
  if (!lua_istable(L, idx)) return false;
  lua_getfield(L, idx, "kind");
  lua_getfield(L, idx, "message");
  const char *kind = lua_tostring(L, -2);
  bool good = kind != NULL && (strcmp(kind, "memory") == 0 ||
              (strcmp(kind, "script") == 0 && is_memory_text(L, -1)));
  lua_pop(L, 2);
  return good;
}


static void report(lua_State *L, const char *name, long number,
                   const char *what) {
  findings++;
  printf("torture: %s, allocation %ld (%s): %s%s%s\n", name, number,
         meter_victim(), what, L == NULL ? "" : ": ",
         L == NULL ? "" : luaL_tolstring(L, -1, NULL));
}


/* TLS does not report a lack of memory: any error of a request is clean. */
static bool is_error_of_tls(lua_State *L, int idx) {
  if (!meter_struck_tls() || !lua_istable(L, idx)) return false;
  bool good = lua_getfield(L, idx, "kind") == LUA_TSTRING;
  lua_pop(L, 1);
  return good;
}


/* Calls run(subject) with the row and the subject at 1 and 2; true: the right
** result. The error is at the top otherwise. */
static bool run(lua_State *L, long number, bool *struck) {
  lua_settop(L, 2);
  lua_getfield(L, 1, "run");
  lua_pushvalue(L, 2);
  meter_arm(number);
  int status = lua_pcall(L, 1, 2, 0);
  *struck = meter_disarm();
  return status == LUA_OK && lua_toboolean(L, -2);
}


static void check(lua_State *L, const char *name, long number) {
  bool struck;
  lua_getfield(L, 1, "once");
  bool once = lua_toboolean(L, -1);
  if (!is_memory_error(L, -2) && !is_error_of_tls(L, -2)) {
    lua_pop(L, 1);
    report(L, name, number, "not told as a lack of memory");
  }
  if (!once && !run(L, 0, &struck))
    report(L, name, number, "it does not work afterwards");
}


/* One run. False: there is no such scenario, or all its allocations have
** failed once. */
static bool attempt(lua_Integer scenario, long number, char *name) {
  long before[3];
  bool struck = false;
  alarm(PATIENCE);  /* one that waits for ever is ended by the signal */
  meter_note(before);
  lua_State *L = lua_newstate(meter_lua, NULL);
  lua_pushcfunction(L, prepare);
  lua_pushinteger(L, scenario);
  lua_call(L, 1, LUA_MULTRET);
  bool there = lua_istable(L, 1);
  if (there) {
    lua_getfield(L, 1, "name");
    snprintf(name, 80, "%s", lua_tostring(L, -1));
    lua_pop(L, 1);
    if (lua_gettop(L) == 2 && !run(L, number, &struck))
      check(L, name, number);
  }
  lua_close(L);
  const char *leak = meter_leak(before);
  if (leak != NULL) report(NULL, name, number, leak);
  return there && struck && findings < FINDINGS_MOST;
}


/* The first run of all leaves libcurl's own global memory behind. */
static bool run_scenario(lua_Integer scenario) {
  char name[80] = "";
  long number = 0;
  attempt(scenario, 0, name);
  if (*name == '\0') return false;
  while (attempt(scenario, number + 1, name)) number++;
  failures += number;
  printf("torture: %s: %ld allocations failed in turn\n", name, number);
  return findings < FINDINGS_MOST;
}


int main(int argc, char **argv) {
  char name[80] = "";
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (argc < SCENARIO || !meter_start()) return 2;
  file = argv[1];
  servers = argv + 2;
  if (argc > SCENARIO + 1)
    attempt(atoi(argv[SCENARIO]), atol(argv[SCENARIO + 1]), name);
  else if (argc > SCENARIO) run_scenario(atoi(argv[SCENARIO]));
  else for (lua_Integer i = 1; run_scenario(i); i++);
  printf("torture: %ld allocations failed, %ld findings\n", failures, findings);
  return findings == 0 ? 0 : 1;
}
