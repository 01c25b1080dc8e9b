/*
** A Lua state for the targets whose subject is written in Lua.
*/
#ifndef STATE_H
#define STATE_H

#include <lauxlib.h>
#include <lualib.h>

#include "fuzz.h"

int luaopen_codeocean_core(lua_State *L);

/* Made once, with the checkout's Lua files and the function that the chunk
** returns at 1. */
static inline lua_State *fuzz_state(const char *chunk) {
  static lua_State *L;
  if (L != NULL) return L;
  L = luaL_newstate();
  MUST(L != NULL);
  luaL_openlibs(L);
  luaL_requiref(L, "codeocean.core", luaopen_codeocean_core, 0);
  lua_settop(L, 0);
  MUST(luaL_dostring(L, "package.path = 'lua/?.lua;lua/?/init.lua;'"
                     " .. package.path") == LUA_OK);
  if (luaL_loadstring(L, chunk) != LUA_OK || lua_pcall(L, 0, 1, 0) != LUA_OK)
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
  MUST(lua_isfunction(L, 1));
  return L;
}


/* Calls it with the input; what it raises is a finding. */
static inline void fuzz_call(lua_State *L, const uint8_t *bytes,
                             size_t length) {
  lua_settop(L, 1);
  lua_pushvalue(L, 1);
  lua_pushlstring(L, (const char *)bytes, length);
  if (lua_pcall(L, 1, 0, 0) == LUA_OK) return;
  fprintf(stderr, "%s\n", luaL_tolstring(L, -1, NULL));
  abort();
}

#endif
