/*
** Metatables of the binding's userdata. Keeps no pointer to a Lua value.
*/
#include "binding/ltype.h"

#include <stdbool.h>


void cb_type_open(lua_State *L, const char *name, lua_CFunction close,
                  const luaL_Reg *methods) {
  luaL_newmetatable(L, name);
  lua_pushvalue(L, -1);
  lua_pushcclosure(L, close, 1);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "__gc");
  lua_setfield(L, -2, "__close");
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__metatable");
  if (methods != NULL) {
    lua_newtable(L);
    lua_pushvalue(L, -2);
    luaL_setfuncs(L, methods, 1);
    lua_setfield(L, -2, "__index");
  }
  lua_pop(L, 1);
}


void *cb_type_check(lua_State *L, int idx, const char *name) {
  void *object = lua_touserdata(L, idx);
  if (object == NULL || !lua_getmetatable(L, idx))
    return luaL_checkudata(L, idx, name);
  bool is_own = lua_rawequal(L, -1, lua_upvalueindex(1));
  lua_pop(L, 1);
  return is_own ? object : luaL_checkudata(L, idx, name);
}
