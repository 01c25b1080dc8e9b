/*
** Metatables that mark JSON values for which Lua has no type: lists, and
** numbers beyond Lua's range. They are in the registry, so no finalizer can
** remove them.
*/
#include "binding/json/ljson_mark.h"

#include <lauxlib.h>
#include <stdbool.h>

static const char *const array_key = "codeocean.array";
static const char *const absent_key = "codeocean.absent_list";


static void push_mark(lua_State *L, const char *key) {
  if (lua_getfield(L, LUA_REGISTRYINDEX, key) != LUA_TNIL) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, key);
}


void cb_json_push_array_mark(lua_State *L) { push_mark(L, array_key); }


void cb_json_push_empty_list(lua_State *L) {
  lua_newtable(L);
  cb_json_push_array_mark(L);
  lua_setmetatable(L, -2);
}


void cb_json_push_absent_list(lua_State *L) {
  lua_newtable(L);
  push_mark(L, absent_key);
  lua_setmetatable(L, -2);
}


static bool has_mark(lua_State *L, int idx, const char *key) {
  if (!lua_getmetatable(L, idx)) return false;
  push_mark(L, key);
  bool marked = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return marked;
}


bool cb_json_has_array_mark(lua_State *L, int idx) {
  return has_mark(L, idx, array_key) || has_mark(L, idx, absent_key);
}


int cb_json_is_absent(lua_State *L) {
  lua_settop(L, 1);
  lua_pushboolean(L, lua_istable(L, 1) && has_mark(L, 1, absent_key));
  return 1;
}


/* json_share(array_mt, empty_array): uses the marks of OpenResty's lua-cjson,
** so that lists pass between both libraries. */
int cb_json_mark_share(lua_State *L) {
  lua_settop(L, 2);
  lua_setfield(L, LUA_REGISTRYINDEX, "codeocean.empty_array");
  if (lua_istable(L, 1)) lua_setfield(L, LUA_REGISTRYINDEX, array_key);
  return 0;
}


static const char *const number_name = "codeocean.number";


/* number__tostring(number) -> its digits */
static int number__tostring(lua_State *L) {
  size_t length;
  const char *digits = cb_json_number_digits(L, 1, &length);
  lua_pushstring(L, digits == NULL ? number_name : digits);
  return 1;
}


void cb_json_push_number(lua_State *L, const char *digits, size_t length) {
  lua_createtable(L, 0, 1);
  lua_pushlstring(L, digits, length);
  lua_setfield(L, -2, "digits");
  luaL_setmetatable(L, number_name);
}


void cb_json_mark_open(lua_State *L) {
  luaL_newmetatable(L, number_name);
  lua_pushcfunction(L, number__tostring);
  lua_setfield(L, -2, "__tostring");
  lua_pushstring(L, number_name);
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 1);
}


const char *cb_json_number_digits(lua_State *L, int idx, size_t *length) {
  idx = lua_absindex(L, idx);
  if (!lua_istable(L, idx) || !lua_getmetatable(L, idx)) return NULL;
  luaL_getmetatable(L, number_name);
  bool is_number = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  if (!is_number) return NULL;
  lua_pushliteral(L, "digits");
  lua_rawget(L, idx);
  const char *digits = lua_type(L, -1) == LUA_TSTRING
                         ? lua_tolstring(L, -1, length) : NULL;
  lua_pop(L, 1);   /* the table keeps it alive */
  return digits;
}
