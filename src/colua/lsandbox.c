/*
** Starts codeocean.sandbox within this process. Knows its Lua interface and
** the names of the environment variables, nothing of what travels between.
** Texts are copied into the environment while they are on the Lua stack.
*/
#include "colua/lsandbox.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Assets of a newcomer's estate. */
enum { SEED = 1000 };


/* A database that is already there keeps what it holds. */
static int is_new(const char *file) {
  struct stat info;
  return file == NULL || stat(file, &info) != 0 || info.st_size == 0;
}


static void push_settings(lua_State *L, const char *file) {
  lua_newtable(L);
  lua_pushstring(L, file ? file : ":memory:");
  lua_setfield(L, -2, "db");
  if (!is_new(file)) return;
  lua_pushinteger(L, SEED);
  lua_setfield(L, -2, "seed");
}


/* The object at the top has the value that the variable is to have. */
static void export_field(lua_State *L, const char *field,
                         const char *variable) {
  lua_getfield(L, -1, field);
  const char *value = lua_tostring(L, -1);
  if (value == NULL || setenv(variable, value, 1) != 0)
    luaL_error(L, "cannot set %s", variable);
  lua_pop(L, 1);
}


void co_sandbox_start(lua_State *L, const char *file) {
  lua_getglobal(L, "require");
  lua_pushliteral(L, "codeocean.sandbox");
  lua_call(L, 1, 1);
  lua_getfield(L, -1, "start");
  push_settings(L, file);
  lua_call(L, 1, 2);
  if (lua_isnil(L, -2))
    luaL_error(L, "cannot start the sandbox: %s", luaL_tolstring(L, -1, NULL));
  lua_pop(L, 1);
  export_field(L, "url", "CODEOCEAN_DOMAIN");
  export_field(L, "token", "CODEOCEAN_TOKEN");
  unsetenv("CODEOCEAN_PROFILE");
  setenv("CODEOCEAN_SANDBOX", "1", 1);
  lua_setfield(L, LUA_REGISTRYINDEX, "colua.sandbox");
  lua_pop(L, 1);
}
