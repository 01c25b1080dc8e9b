/*
** The C module codeocean.core, for codeocean's Lua files. Scripts use the
** module codeocean instead. All rows read here are static.
*/
#include <curl/curl.h>
#include <lauxlib.h>
#include <lua.h>
#include <string.h>

#include "binding/largument.h"
#include "binding/lcolumn.h"
#include "binding/lengine.h"
#include "binding/lfile.h"
#include "binding/json/ljson.h"
#include "binding/ljournal_file.h"
#include "binding/lmask.h"
#include "binding/lseal.h"
#include "binding/lsystem.h"
#include "binding/ltransfer.h"
#include "core/wire/address.h"
#include "core/endpoint.h"
#include "core/failure.h"
#include "core/text/nearest.h"
#include "version.h"

int luaopen_codeocean_core(lua_State *L);


/* is_id(value) -> whether it is a data asset's id */
static int core_is_id(lua_State *L) {
  size_t length = 0;
  const char *text = lua_type(L, 1) == LUA_TSTRING
                       ? lua_tolstring(L, 1, &length) : NULL;
  lua_pushboolean(L, text != NULL && co_id_valid(text, length));
  return 1;
}


/* spelled_id(text) -> the canonical spelling of an id: lower case, with
** hyphens; nil if the text is not an id */
static int core_spelled_id(lua_State *L) {
  size_t length = 0;
  char spelled[CO_ID_LENGTH + 1];
  const char *text = lua_type(L, 1) == LUA_TSTRING
                       ? lua_tolstring(L, 1, &length) : NULL;
  if (text == NULL || !co_id_valid(text, length)) return 0;
  co_id_spell(spelled, text);
  lua_pushstring(L, spelled);
  return 1;
}


/* packed_id(text) -> the 16 bytes of an id; nil if the text is not an id */
static int core_packed_id(lua_State *L) {
  size_t length = 0;
  char packed[CO_ID_BYTES];
  const char *text = lua_type(L, 1) == LUA_TSTRING
                       ? lua_tolstring(L, 1, &length) : NULL;
  if (text == NULL || !co_id_valid(text, length)) return 0;
  co_id_pack(packed, text);
  lua_pushlstring(L, packed, sizeof packed);
  return 1;
}


/* unpacked_id(packed, n) -> the n-th id, in its canonical spelling, of a string
** of packed ids; nil if it has fewer */
static int core_unpacked_id(lua_State *L) {
  size_t length;
  char spelled[CO_ID_LENGTH + 1];
  const char *packed = luaL_checklstring(L, 1, &length);
  lua_Integer n = luaL_checkinteger(L, 2);
  if (n < 1 || (lua_Unsigned)n > length / CO_ID_BYTES) return 0;
  co_id_unpack(spelled, packed + (size_t)(n - 1) * CO_ID_BYTES);
  lua_pushlstring(L, spelled, CO_ID_LENGTH);
  return 1;
}


/* curl_version() -> "7.88.1" */
static int core_curl_version(lua_State *L) {
  lua_pushstring(L, curl_version_info(CURLVERSION_NOW)->version);
  return 1;
}


/* nearest(name, names) -> the one of the list `names` that a person most
** likely meant by the unknown `name` (core/text/nearest.h), or nil */
static int core_nearest(lua_State *L) {
  size_t length;
  co_nearest nearest;
  const char *name = luaL_checklstring(L, 1, &length);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  co_nearest_begin(&nearest, name);
  for (lua_Integer i = 1; lua_rawgeti(L, 2, i) == LUA_TSTRING; i++) {
    co_nearest_compare(&nearest, lua_tostring(L, -1));
    lua_pop(L, 1);    /* the list keeps it alive; no Lua runs here */
  }
  lua_pushstring(L, strlen(name) == length ? nearest.best : NULL);
  return 1;
}


/* has_keys(set, given) -> whether each key of the table `given` is a key of the
** set. Both are read raw. */
static int core_has_keys(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  bool all = true;
  for (lua_pushnil(L); all && lua_next(L, 2); lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    all = lua_rawget(L, 1) != LUA_TNIL;
    lua_pop(L, 1);
  }
  lua_pushboolean(L, all);
  return 1;
}


static void push_names(lua_State *L, const co_param *rows) {
  lua_newtable(L);
  for (lua_Integer i = 1; rows != NULL && rows->name != NULL; rows++, i++) {
    lua_pushstring(L, rows->name);
    lua_rawseti(L, -2, i);
  }
}


/* operations() -> list of {name, method, path, writes, params}, one for each
** row of the endpoint table; for documentation and specs. */
static int core_operations(lua_State *L) {
  lua_newtable(L);
  for (lua_Integer i = 0; co_endpoints[i].name != NULL; i++) {
    const co_endpoint *row = &co_endpoints[i];
    lua_newtable(L);
    lua_pushstring(L, row->name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, row->method);
    lua_setfield(L, -2, "method");
    lua_pushstring(L, row->path);
    lua_setfield(L, -2, "path");
    lua_pushboolean(L, row->writes);
    lua_setfield(L, -2, "writes");
    push_names(L, row->query != NULL ? row->query : row->body);
    lua_setfield(L, -2, "params");
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}


/* kinds() -> list of the kinds of error that a request may end with */
static int core_kinds(lua_State *L) {
  lua_newtable(L);
  for (int kind = CO_KIND_OK + 1; kind <= CO_KIND_MEMORY; kind++) {
    lua_pushstring(L, co_kind_name((co_kind)kind));
    lua_rawseti(L, -2, kind);
  }
  return 1;
}


static const luaL_Reg functions[] = {
  {"is_id",        core_is_id},
  {"spelled_id",   core_spelled_id},
  {"operations",   core_operations},
  {"kinds",        core_kinds},
  {"nearest",      core_nearest},
  {"has_keys",     core_has_keys},
  {"packed_id",    core_packed_id},
  {"unpacked_id",  core_unpacked_id},
  {"column",       cb_column_new},
  {"curl_version", core_curl_version},
  {NULL, NULL}
};


__attribute__((visibility("default")))
int luaopen_codeocean_core(lua_State *L) {
  luaL_checkversion(L);
  cb_transfer_open(L);
  cb_engine_open(L);
  cb_json_open(L);
  cb_column_open(L);
  cb_journal_file_open_type(L);
  cb_file_open_type(L);
  luaL_newlib(L, functions);
  luaL_setfuncs(L, cb_engine_functions, 0);
  luaL_setfuncs(L, cb_json_functions, 0);
  luaL_setfuncs(L, cb_argument_functions, 0);
  luaL_setfuncs(L, cb_mask_functions, 0);
  luaL_setfuncs(L, cb_system_functions, 0);
  luaL_setfuncs(L, cb_file_functions, 0);
  luaL_setfuncs(L, cb_journal_file_functions, 0);
  luaL_setfuncs(L, cb_seal_functions, 0);
  lua_pushlightuserdata(L, NULL);
  lua_setfield(L, -2, "null");
  lua_pushliteral(L, COLUA_VERSION);
  lua_setfield(L, -2, "version");
  return 1;
}
