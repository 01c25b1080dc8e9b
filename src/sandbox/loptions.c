/*
** Reads tables by rows of fields, and with them the options of start.
**
** Pointers kept across calls that can run Lua: every table is copied first,
** with raw access, into one that no other code can reach. Texts in a struct
** belong to the copy, which stays on the stack until the struct has been used.
** Finalizers and metamethods may change the caller's table meanwhile.
*/
#include <math.h>
#include <string.h>

#include "sandbox/lsandbox.h"

#define AT(member) offsetof(sb_config, member)

static const sb_field options[] = {
  {"port",                SB_INTEGER, AT(port),            0, 65535},
  {"db",                  SB_TEXT,    AT(database),        0, 0},
  {"token",               SB_TEXT,    AT(token),           0, 0},
  {"read_only_token",     SB_TEXT,    AT(read_only_token), 0, 0},
  {"seed",                SB_INTEGER, AT(seed),            0, 1e7},
  {"ready_after",         SB_REAL,    AT(ready_after),     0, 1e9},
  {"latency",             SB_REAL,    AT(latency),         0, 1e6},
  {"page_cap",            SB_INTEGER, AT(page_cap),        1, 1000},
  {"keep_requests",       SB_INTEGER, AT(keep_requests),   0, 1e8},
  {"max_in_flight_limit", SB_INTEGER, AT(max_in_flight),   1, 1e6},
  {"max_body",            SB_INTEGER, AT(max_body),        1, 1e9},
  {"max_connections",     SB_INTEGER, AT(max_connections), 1, 1e6},
  {"rate_limit",          SB_REAL,    AT(rate_limit),      0.001, 1e9},
  {"retry_after",         SB_REAL,    AT(retry_after),     0, 1e6},
  {"lag",                 SB_REAL,    AT(lag),             0, 1e6},
  {NULL, SB_TEXT, 0, 0, 0}
};


int sb_field_error(lua_State *L, const char *what, const char *key,
                   const char *message) {
  return luaL_error(L, "bad field '%s' to '%s' (%s)", key, what, message);
}


/* Pushes the list of all names. */
static void push_names(lua_State *L, const sb_field *rows,
                       const char *const *others) {
  lua_Integer count = 0;
  lua_newtable(L);
  for (; rows->name; rows++) {
    lua_pushstring(L, rows->name);
    lua_rawseti(L, -2, ++count);
  }
  for (; *others; others++) {
    lua_pushstring(L, *others);
    lua_rawseti(L, -2, ++count);
  }
}


/* Pushes the name nearest to `word` in the list at the top, as codeocean.core
** finds it. False if there is none, or if that module is not installed. */
static bool push_nearest(lua_State *L, const char *word) {
  int list = lua_gettop(L);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "codeocean.core");
  if (lua_pcall(L, 1, 1, 0) != LUA_OK || !lua_istable(L, -1)) return false;
  lua_getfield(L, -1, "nearest");
  lua_pushstring(L, word);
  lua_pushvalue(L, list);
  return lua_pcall(L, 2, 1, 0) == LUA_OK && lua_isstring(L, -1);
}


const char *sb_push_hint(lua_State *L, const char *word) {
  if (!push_nearest(L, word)) return "";
  return lua_pushfstring(L, "; did you mean '%s'?", lua_tostring(L, -1));
}


int sb_field_unknown(lua_State *L, const char *what, const char *key,
                     const sb_field *rows, const char *const *others) {
  push_names(L, rows, others);
  const char *hint = sb_push_hint(L, key);
  return sb_field_error(L, what, key,
                        lua_pushfstring(L, "there is no such field%s", hint));
}


/* A number as text, whole numbers without a point; it stays on the stack. */
static const char *push_number(lua_State *L, lua_Number number) {
  int is_whole;
  lua_pushnumber(L, number);
  lua_Integer whole = lua_tointegerx(L, -1, &is_whole);
  if (is_whole) {
    lua_pushinteger(L, whole);
    lua_replace(L, -2);
  }
  return lua_tostring(L, -1);
}


static void read_number(lua_State *L, const char *what, const sb_field *row,
                        void *to) {
  int index = lua_gettop(L);
  lua_Number number = lua_tonumber(L, index);
  bool whole = row->type != SB_REAL;
  if (lua_type(L, index) != LUA_TNUMBER || !(number >= row->least)
      || !(number <= row->most) || (whole && number != floor(number)))
    sb_field_error(L, what, row->name,
      lua_pushfstring(L, "%s from %s to %s expected, got %s",
                      whole ? "an integer" : "a number",
                      push_number(L, row->least),
                      push_number(L, row->most),
                      luaL_tolstring(L, index, NULL)));
  if (row->type == SB_INTEGER) *(int64_t *)to = (int64_t)number;
  else *(double *)to = number;
}


/* Reads a text. Refuses a NUL, which would cut the C string. Tests the type
** first: lua_tolstring converts numbers. */
static void read_text(lua_State *L, const char *what, const sb_field *row,
                      void *to) {
  size_t length = 0;
  const char *text = lua_type(L, -1) == LUA_TSTRING
                       ? lua_tolstring(L, -1, &length) : NULL;
  if (length == 0 || strlen(text) != length)
    sb_field_error(L, what, row->name, "a string expected, not empty and"
                                       " without NUL");
  *(const char **)to = text;
}


static void read_field(lua_State *L, const char *what, const sb_field *row,
                       void *to) {
  if (row->type == SB_TEXT) {
    read_text(L, what, row, to);
  } else if (row->type != SB_FLAG) {
    read_number(L, what, row, to);
  } else {
    if (!lua_isboolean(L, -1))
      sb_field_error(L, what, row->name, "a boolean expected");
    *(bool *)to = lua_toboolean(L, -1);
  }
}


int sb_fields_copy(lua_State *L, int index) {
  luaL_checktype(L, index, LUA_TTABLE);
  luaL_checkstack(L, 20, NULL);
  lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, index);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, -4);
  }
  return lua_gettop(L);
}


static bool among(const char *const *names, const char *name) {
  while (*names && strcmp(*names, name) != 0) names++;
  return *names != NULL;
}


void sb_fields_read(lua_State *L, int index, const char *what,
                    const sb_field *rows, const char *const *others,
                    void *to) {
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2)
                                                     : luaL_typename(L, -2);
    const sb_field *row = rows;
    while (row->name && strcmp(row->name, key) != 0) row++;
    if (row->name) read_field(L, what, row, (char *)to + row->offset);
    else if (!among(others, key))
      sb_field_unknown(L, what, key, rows, others);
  }
}


static void read_dialect(lua_State *L, int index, sb_config *config) {
  static const char *const names[] = {"2022", "current", "both", NULL};
  static const sb_dialect dialects[] = {SB_2022, SB_CURRENT, SB_BOTH};
  if (lua_getfield(L, index, "dialect") == LUA_TNIL) return;
  const char *name = lua_tostring(L, -1);
  for (int i = 0; name && names[i]; i++)
    if (strcmp(names[i], name) == 0) {
      config->dialect = dialects[i];
      return;
    }
  sb_field_error(L, "start", "dialect", "2022, current or both expected");
}


static const char *check_bucket(lua_State *L) {
  const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
  if (*name && !name[strcspn(name, "\"\\\n\r\t ")]) return name;
  sb_field_error(L, "start", "buckets", "a list of names expected");
  return NULL;
}


/* Reads the buckets as the JSON array that SQLite reads; it stays on the
** stack. */
static void read_buckets(lua_State *L, int index, sb_config *config) {
  int type = lua_getfield(L, index, "buckets");
  if (type == LUA_TNIL) return;
  if (type != LUA_TTABLE)
    sb_field_error(L, "start", "buckets", "a list of names expected");
  int list = lua_gettop(L);
  lua_pushliteral(L, "[");
  for (lua_Integer i = 1; lua_rawgeti(L, list, i) != LUA_TNIL; i++) {
    lua_pushfstring(L, "%s\"%s\"", i > 1 ? "," : "", check_bucket(L));
    lua_remove(L, -2);
    lua_concat(L, 2);
  }
  lua_pop(L, 1);
  lua_pushliteral(L, "]");
  lua_concat(L, 2);
  config->buckets = lua_tostring(L, -1);
}


/* Checks a token: it is sent in a header and written to a file of lines. */
static void check_token(lua_State *L, const char *key, const char *token) {
  size_t length = token ? strlen(token) : 0;
  bool good = length < sizeof ((sb_address *)0)->token;
  for (size_t i = 0; good && i < length; i++)
    good = token[i] > ' ' && token[i] <= '~';
  if (!good)
    sb_field_error(L, "start", key, "at most 255 characters of ASCII expected,"
                                    " without blanks");
}


void sb_options_read(lua_State *L, int index, sb_config *config) {
  static const char *const others[] = {"dialect", "buckets", NULL};
  *config = (sb_config){
    .database = ":memory:", .dialect = SB_BOTH, .ready_after = 0.2,
    .page_cap = 1000, .keep_requests = 100000, .max_body = 4 << 20,
    .retry_after = -1,
  };
  int copy = sb_fields_copy(L, index);
  sb_fields_read(L, copy, "start", options, others, config);
  check_token(L, "token", config->token);
  check_token(L, "read_only_token", config->read_only_token);
  read_dialect(L, copy, config);
  read_buckets(L, copy, config);
}
