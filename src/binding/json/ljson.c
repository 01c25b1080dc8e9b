/*
** The functions of codeocean.json, over the reader and the writer.
**
** The text to read and the buffer to write are on the stack of the call, and no
** Lua value refers to the buffer. So neither can be freed or changed while a
** metamethod or a finalizer runs.
*/
#include "binding/json/ljson.h"
#include "binding/json/ljson_mark.h"

#include "binding/ltype.h"
#include "lua_compat.h"

static const char *const buffer_name = "codeocean.buffer";

enum { TEXT_MAX = 256 * 1024 * 1024, COPY_DEPTH = 200 };


static int buffer__gc(lua_State *L) {
  co_buffer_free(luaL_checkudata(L, 1, buffer_name));
  return 0;
}


/* Pushes a buffer, which is freed when an error unwinds past it. */
static co_buffer *push_buffer(lua_State *L) {
  co_buffer *buffer = lua_newuserdatauv(L, sizeof *buffer, 0);
  co_buffer_init(buffer, TEXT_MAX);
  luaL_setmetatable(L, buffer_name);
  return buffer;
}


/* Called when the module is opened, not on first use: if memory ran out then,
** the marks would stay incomplete. */
void cb_json_open(lua_State *L) {
  cb_type_open(L, buffer_name, buffer__gc, NULL);
  cb_json_mark_open(L);
}


/* encode(value) -> text; raises, with the path, for a value without a JSON
** form. */
static int json_encode(lua_State *L) {
  luaL_checkany(L, 1);
  co_buffer *out = push_buffer(L);
  cb_writer writer = {.L = L, .out = out};
  cb_json_write(&writer, 1, NULL, true);
  if (out->starved) return luaL_error(L, "not enough memory");
  if (out->broken) return luaL_error(L, "JSON text of more than 256 MiB");
  lua_pushlstring(L, out->bytes, out->length);
  co_buffer_free(out);
  return 1;
}


/* decode(text [, nulls]) -> value, or nil and what is wrong with the text. */
static int json_decode(lua_State *L) {
  size_t length;
  const char *text = luaL_checklstring(L, 1, &length);
  int flags = CB_JSON_UNIQUE | (lua_toboolean(L, 2) ? CB_JSON_NULLS : 0);
  if (cb_json_read(L, text, length, NULL, flags)) return 1;
  luaL_pushfail(L);
  lua_insert(L, -2);
  return 2;
}


/* array([list]) -> the list, marked, so that it is written as [] when empty. */
static int json_array(lua_State *L) {
  lua_settop(L, 1);
  if (lua_isnil(L, 1)) {
    lua_newtable(L);
    lua_replace(L, 1);
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  cb_json_push_array_mark(L);
  lua_setmetatable(L, 1);
  return 1;
}


/* Pushes a table with room for the fields of the one at idx. */
static void push_room(lua_State *L, int idx) {
  int list = (int)lua_rawlen(L, idx), count = 0;
  for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) count++;
  lua_createtable(L, list, count > list ? count - list : 0);
}


/* Pushes a copy of the table at idx and of all tables in it, with their
** metatables. The table may change meanwhile: lua_next then raises. */
static void push_copy(lua_State *L, int idx, int depth) {
  if (depth > COPY_DEPTH) luaL_error(L, "nested more than %d deep", COPY_DEPTH);
  luaL_checkstack(L, 8, "copy");
  push_room(L, idx);
  int copy = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, idx); lua_settop(L, copy + 1)) {
    lua_pushvalue(L, copy + 1);
    if (lua_istable(L, copy + 2)) push_copy(L, copy + 2, depth + 1);
    else lua_pushvalue(L, copy + 2);
    lua_rawset(L, copy);
  }
  if (lua_getmetatable(L, idx)) lua_setmetatable(L, copy);
}


/* json_copy(table) -> a copy that shares no table with it but metatables */
static int json_copy(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  push_copy(L, 1, 1);
  return 1;
}


const luaL_Reg cb_json_functions[] = {
  {"json_encode", json_encode},
  {"json_decode", json_decode},
  {"json_array",  json_array},
  {"json_copy",   json_copy},
  {"json_share",  cb_json_mark_share},
  {"json_is_absent", cb_json_is_absent},
  {NULL, NULL}
};
