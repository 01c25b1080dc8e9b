/*
** The module codeocean for a host that links it: makes the compiled-in Lua
** files and the C core preloaded modules. A loader keeps no pointer but that to
** its row while its chunk runs; rows are static, so the pointer stays valid.
*/
#include <lauxlib.h>
#include <string.h>

#include "colua/bundle.h"
#include "embed/codeocean.h"

int luaopen_codeocean_core(lua_State *L);


/* The loader of a row, which is its upvalue: runs the row's chunk. */
static int load_row(lua_State *L) {
  const struct cl_bundle_file *file =
    lua_touserdata(L, lua_upvalueindex(1));
  if (luaL_loadbufferx(L, file->code, file->size, file->name, "b") != LUA_OK)
    return lua_error(L);
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}


static void preload_rows(lua_State *L) {
  for (size_t i = 0; i < cl_bundle_count; i++) {
    lua_pushlightuserdata(L, (void *)(uintptr_t)&cl_bundle[i]);
    lua_pushcclosure(L, load_row, 1);
    lua_setfield(L, -2, cl_bundle[i].name);
  }
}


/* Runs the Lua file codeocean directly and not by `require`: luaL_requiref
** registers the module of that name only after this function returns. */
__attribute__((visibility("default")))
int luaopen_codeocean(lua_State *L) {
  luaL_checkversion(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  preload_rows(L);
  lua_pushcfunction(L, luaopen_codeocean_core);
  lua_setfield(L, -2, "codeocean.core");
  lua_getfield(L, -1, "codeocean");
  lua_pushliteral(L, "codeocean");
  lua_call(L, 1, 1);
  return 1;
}
