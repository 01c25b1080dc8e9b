/*
** Reads and checks the table of sandbox:fault { … }.
**
** Pointers kept across calls that can run Lua: the table is copied first (see
** loptions.c); the table of headers is read value by value, each on the stack
** while it is used. This file does not use the server: lsandbox.c passes the
** fault to it when everything has been read.
*/
#include <math.h>
#include <string.h>

#include "sandbox/lsandbox.h"
#include "sandbox/http/route.h"

#define AT(member) offsetof(sb_fault, member)
#define TEXT(which) offsetof(sb_fault, text[which].bytes)

static const sb_field fields[] = {
  {"operation",     SB_TEXT,  TEXT(SB_OF_OPERATION), 0, 0},
  {"method",        SB_TEXT,  TEXT(SB_OF_METHOD),    0, 0},
  {"path",          SB_TEXT,  TEXT(SB_OF_PATH),      0, 0},
  {"id",            SB_TEXT,  TEXT(SB_OF_ID),        0, 0},
  {"location",      SB_TEXT,  TEXT(SB_LOCATION),     0, 0},
  {"count",         SB_COUNT, AT(count),        -1, HUGE_VAL},
  {"skip",          SB_COUNT, AT(skip),          0, HUGE_VAL},
  {"probability",   SB_REAL,  AT(probability),   0, 1},
  {"seed",          SB_COUNT, AT(seed),          0, 9e15},
  {"status",        SB_COUNT, AT(status),      200, 599},
  {"bytes",         SB_COUNT, AT(bytes),         1, 1e10},
  {"depth",         SB_COUNT, AT(depth),         1, 1e6},
  {"delay",         SB_REAL,  AT(delay),         0, 1e6},
  {"seconds",       SB_REAL,  AT(delay),         0, 1e6},
  {"interval",      SB_REAL,  AT(interval),      0, 1e6},
  {"after_headers", SB_FLAG,  AT(after_headers), 0, 0},
  {NULL, SB_TEXT, 0, 0, 0}
};

/* Fields without a row, which are read below. */
static const char *const others[] = {
  "kind", "apply", "body", "headers", "retry_after", NULL
};

/* The options of every kind. Any other must be one of the kind's own. */
static const char *const common[] = {
  "kind", "operation", "method", "path", "id", "count", "skip", "probability",
  "seed", "delay", "apply", NULL
};


static bool is_common(const char *name) {
  const char *const *at = common;
  while (*at && strcmp(*at, name) != 0) at++;
  return *at != NULL;
}


/* Raises unless the name is one of those that `name_at` gives, index by
** index. */
static void check_name(lua_State *L, const char *field, const char *name,
                       const char *(*name_at)(size_t index)) {
  lua_newtable(L);
  for (size_t i = 0; name_at(i); i++) {
    if (strcmp(name_at(i), name) == 0) return;
    lua_pushstring(L, name_at(i));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  const char *hint = sb_push_hint(L, name);
  sb_field_error(L, "fault", field,
                 lua_pushfstring(L, "there is no %s %s%s", field, name, hint));
}


static void read_kind(lua_State *L, int index, sb_fault *fault) {
  lua_getfield(L, index, "kind");
  const char *name = luaL_tolstring(L, -1, NULL);
  check_name(L, "kind", name, sb_fault_kind_at);
  fault->kind = sb_fault_kind_named(name);
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    const char *key = lua_tostring(L, -2);
    if (!is_common(key) && !sb_fault_kind_has_option(fault->kind, key))
      sb_field_error(L, "fault", key,
        lua_pushfstring(L, "%s does not take it", name));
  }
}


/* Raises unless the method is in upper case: else it would fit no request. */
static void check_method(lua_State *L, const char *method) {
  if (method && method[strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")])
    sb_field_error(L, "fault", "method", "upper case expected, as in GET");
}


static void read_apply(lua_State *L, int index, sb_fault *fault) {
  if (lua_getfield(L, index, "apply") != LUA_TNIL) {
    if (!lua_isboolean(L, -1))
      sb_field_error(L, "fault", "apply", "a boolean expected");
    fault->apply = lua_toboolean(L, -1);
  }
  lua_pop(L, 1);
}


/* Reads a string of any bytes, or a number, which becomes text. It stays on the
** stack. */
static void read_bytes(lua_State *L, int index, const char *key,
                       sb_fault *fault, sb_fault_text which) {
  size_t length;
  if (lua_getfield(L, index, key) == LUA_TNIL) return;
  if (!lua_isstring(L, -1))
    sb_field_error(L, "fault", key, "a string expected");
  fault->text[which].bytes = lua_tolstring(L, -1, &length);
  fault->text[which].length = length;
}


static const char *check_header(lua_State *L, int index) {
  const char *text = lua_type(L, index) == LUA_TSTRING
                       ? lua_tostring(L, index) : NULL;
  if (!text || text[strcspn(text, "\r\n")])
    sb_field_error(L, "fault", "headers", "a table of names and values"
                                          " expected");
  return text;
}


/* Reads the headers as one text, name NUL value NUL …, which stays on the
** stack. */
static void read_headers(lua_State *L, int index, sb_fault *fault) {
  int type = lua_getfield(L, index, "headers");
  if (type == LUA_TNIL) return;
  if (type != LUA_TTABLE) check_header(L, -1);
  int table = lua_gettop(L);
  lua_pushliteral(L, "");
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
    lua_pushvalue(L, -3);
    lua_pushfstring(L, "%s%c%s%c", check_header(L, -3), 0,
                    check_header(L, -2), 0);
    lua_concat(L, 2);
    lua_replace(L, table + 1);
  }
  fault->text[SB_HEADERS].bytes =
    lua_tolstring(L, -1, &fault->text[SB_HEADERS].length);
}


/* Checks operation and method, and sets the default of count: without end if
** the fault has a probability. */
static void set_defaults(lua_State *L, sb_fault *fault) {
  const char *operation = fault->text[SB_OF_OPERATION].bytes;
  if (operation)
    check_name(L, "operation", operation, sb_route_operation_at);
  check_method(L, fault->text[SB_OF_METHOD].bytes);
  if (isnan(fault->count)) fault->count = fault->probability < 0 ? 1 : INFINITY;
  if (fault->count < 0) fault->count = INFINITY;
  for (int i = 0; i < SB_FAULT_TEXTS; i++)
    if (fault->text[i].bytes && fault->text[i].length == 0)
      fault->text[i].length = strlen(fault->text[i].bytes);
}


void sb_fault_read(lua_State *L, int index, sb_fault *fault) {
  *fault = (sb_fault){.count = NAN, .probability = -1, .status = -1,
                      .bytes = -1, .depth = -1, .interval = -1, .apply = -1};
  int copy = sb_fields_copy(L, index);
  sb_fields_read(L, copy, "fault", fields, others, fault);
  read_kind(L, copy, fault);
  read_apply(L, copy, fault);
  read_bytes(L, copy, "body", fault, SB_BODY);
  read_bytes(L, copy, "retry_after", fault, SB_RETRY_AFTER);
  read_headers(L, copy, fault);
  set_defaults(L, fault);
}
