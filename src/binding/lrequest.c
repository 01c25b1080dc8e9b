/*
** Builds a request from a Lua call's arguments.
**
** The table of parameters belongs to the user: its __index may run any Lua, and
** close the engine. So the engine's address is copied first; after that only
** the transfer is used, whose userdata is on the stack.
*/
#include "binding/lrequest.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "binding/largument.h"
#include "binding/json/ljson.h"
#include "core/wire/address.h"
#include "core/text/utf8.h"


static const char *check_id(lua_State *L, const char *what, int idx) {
  size_t length = 0;
  const char *id = lua_type(L, idx) == LUA_TSTRING
                     ? lua_tolstring(L, idx, &length) : NULL;
  if (id == NULL || !co_id_valid(id, length))
    cb_argument_refuse(L, what, "id", lua_pushfstring(L,
      "data asset id expected, 36 characters such as "
      "fea84ebf-b58b-4ad2-994d-7169dc3880fb, got %s%s%s", id ? "\"" : "",
      id ? id : luaL_typename(L, idx),
      id ? "\"" : ""));
  return id;
}


static void refuse(lua_State *L, const co_transfer *t, const char *name,
                   const char *problem) {
  cb_argument_refuse(L, co_endpoint_called(t->endpoint), name, problem);
}


static const char *valid_names(lua_State *L, const co_param *rows) {
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (const co_param *row = rows; row->name != NULL; row++) {
    if (row != rows) luaL_addstring(&b, ", ");
    luaL_addstring(&b, row->name);
  }
  luaL_pushresult(&b);
  return lua_tostring(L, -1);
}


/* Raises for an unknown parameter: a server that ignores a misspelt filter
** would select everything. */
static void refuse_unknown(lua_State *L, const co_transfer *t,
                           const char *name) {
  const co_param *rows = t->endpoint->query;
  const co_param *nearest = co_param_nearest(rows, name);
  const char *problem = nearest != NULL
    ? lua_pushfstring(L, "no such parameter; did you mean '%s'?",
                      nearest->name)
    : lua_pushfstring(L, "no such parameter; there are %s",
                      valid_names(L, rows));
  refuse(L, t, name, problem);
}


static void check_names(lua_State *L, const co_transfer *t, int params) {
  for (lua_pushnil(L); lua_next(L, params); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING)
      refuse(L, t, "params", "the names of parameters must be strings");
    size_t length;
    const char *name = lua_tolstring(L, -2, &length);
    if (strlen(name) != length ||
        co_param_find(t->endpoint->query, name) == NULL)
      refuse_unknown(L, t, name);
  }
}


static void expect(lua_State *L, const co_transfer *t, const co_param *row,
                   bool good, const char *expected) {
  if (good) return;
  refuse(L, t, row->name, lua_pushfstring(L, "%s expected, got %s", expected,
                                          luaL_tolstring(L, -1, NULL)));
}


static void expect_choice(lua_State *L, const co_transfer *t,
                          const co_param *row, const char *text,
                          size_t length) {
  bool good = strlen(text) == length && co_choice_valid(row->choices, text);
  if (good) return;
  refuse(L, t, row->name, lua_pushfstring(L, "one of %s expected, got \"%s\"",
                                          row->choices, text));
}


static void add_text(lua_State *L, co_transfer *t, const co_param *row) {
  size_t length;
  expect(L, t, row, lua_type(L, -1) == LUA_TSTRING, "string");
  const char *text = lua_tolstring(L, -1, &length);
  if (row->choices != NULL) expect_choice(L, t, row, text, length);
  if (co_utf8_fault(text, length) != 0)
    refuse(L, t, row->name, "it is not valid UTF-8");
  co_transfer_query(t, row->name, text, length);
}


static void add_integer(lua_State *L, co_transfer *t, const co_param *row) {
  char text[24];
  int whole = 0;
  lua_Integer n = lua_type(L, -1) == LUA_TNUMBER
                    ? lua_tointegerx(L, -1, &whole) : 0;
  expect(L, t, row, whole && n >= 0, "integer of 0 or more");
  int length = snprintf(text, sizeof text, "%lld", (long long)n);
  co_transfer_query(t, row->name, text, (size_t)length);
}


static void add_flag(lua_State *L, co_transfer *t, const co_param *row) {
  expect(L, t, row, lua_isboolean(L, -1), "boolean");
  const char *text = lua_toboolean(L, -1) ? "true" : "false";
  co_transfer_query(t, row->name, text, strlen(text));
}


static void add_param(lua_State *L, co_transfer *t, const co_param *row) {
  if (row->type == CO_INTEGER) add_integer(L, t, row);
  else if (row->type == CO_FLAG) add_flag(L, t, row);
  else add_text(L, t, row);
}


static void build_query(lua_State *L, co_transfer *t, int params) {
  check_names(L, t, params);
  for (const co_param *row = t->endpoint->query; row->name; row++) {
    int type = lua_getfield(L, params, row->name);
    if (type != LUA_TNIL) add_param(L, t, row);
    else if (row->flags & CO_REQUIRED)
      refuse(L, t, row->name, "required, but missing");
    lua_pop(L, 1);
  }
}


static void build_body(lua_State *L, co_transfer *t, int params) {
  cb_writer writer = {
    .L = L, .out = &t->body, .secrets = &t->secrets,
    .what = co_endpoint_called(t->endpoint)
  };
  cb_json_write(&writer, params, t->endpoint->body, t->endpoint->open_body);
}


void cb_request_build(lua_State *L, co_transfer *t, const char *base, int id,
                      int params) {
  bool needs_id = strstr(t->endpoint->path, "{id}") != NULL;
  bool takes = t->endpoint->query != NULL || t->endpoint->body != NULL;
  char spelled[CO_ID_LENGTH + 1];
  luaL_checkstack(L, 12, "request");
  if (needs_id)
    co_id_spell(spelled, check_id(L, co_endpoint_called(t->endpoint), id));
  co_transfer_address(t, base, needs_id ? spelled : NULL);
  if (!takes) return;
  if (!lua_istable(L, params))
    refuse(L, t, "params", lua_pushfstring(L, "table expected, got %s",
                                           luaL_typename(L, params)));
  if (t->endpoint->query != NULL) build_query(L, t, params);
  if (t->endpoint->body != NULL) build_body(L, t, params);
}
