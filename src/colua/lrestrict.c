/*
** The environment of restricted chunks, kept in the registry.
*/
#include "colua/lrestrict.h"

#include <lauxlib.h>

static const char *const key = "colua.restrict";


void co_restrict_start(lua_State *L) {
  lua_getglobal(L, "require");
  lua_pushliteral(L, "codeocean.restrict");
  lua_call(L, 1, 1);
  lua_getfield(L, -1, "environment");
  lua_getglobal(L, "arg");
  lua_call(L, 1, 1);
  lua_setfield(L, LUA_REGISTRYINDEX, key);
  lua_pop(L, 1);
}


const char *co_restrict_mode(lua_State *L) {
  int type = lua_getfield(L, LUA_REGISTRYINDEX, key);
  lua_pop(L, 1);
  return type == LUA_TNIL ? NULL : "t";
}


int co_restrict_bind(lua_State *L, int status) {
  if (status != LUA_OK) return status;
  if (lua_getfield(L, LUA_REGISTRYINDEX, key) == LUA_TNIL ||
      lua_setupvalue(L, -2, 1) == NULL)
    lua_pop(L, 1);
  return LUA_OK;
}
