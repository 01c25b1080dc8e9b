/*
** One form of an asset out of the API's two spellings, by rows.
*/
#include "binding/lasset.h"

#include <lauxlib.h>
#include <string.h>

#include "binding/ljson.h"

static const struct rename {
  const char *from, *to;
} renames[] = {
  {"lastUsed", "last_used"},
  {"sizeInBytes", "size"}
};

static const struct prefix {
  const char *field, *prefix;
} prefixes[] = {
  {"state", "DATA_ASSET_STATE_"},
  {"type", "DATA_ASSET_TYPE_"}
};

static const char *const numbers[] = {"created", "last_used", "size", "files"};

#define ROWS(table) (sizeof table / sizeof table[0])


static void rename_field(lua_State *L, const struct rename *row) {
  if (lua_getfield(L, -1, row->from) == LUA_TNIL) {
    lua_pop(L, 1);
    return;
  }
  lua_setfield(L, -2, row->to);
  lua_pushnil(L);
  lua_setfield(L, -2, row->from);
}


/* Not tolower: in Turkish the small letter of I is another. */
static char lower(char c) {
  return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}


/* DATA_ASSET_STATE_DRAFT -> draft. A newer release's word stays as it is. */
static void shorten(lua_State *L, const struct prefix *row) {
  size_t skip = strlen(row->prefix);
  int type = lua_getfield(L, -1, row->field);
  const char *text = type == LUA_TSTRING ? lua_tostring(L, -1) : "";
  if (strncmp(text, row->prefix, skip) != 0) {
    lua_pop(L, 1);
    return;
  }
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (text += skip; *text != '\0'; text++)
    luaL_addchar(&b, lower(*text));
  luaL_pushresult(&b);
  lua_remove(L, -2);
  lua_setfield(L, -2, row->field);
}


/* Numbers may come as text or as a float; whole ones become integers. */
static void make_integer(lua_State *L, const char *field) {
  int whole = 0, type = lua_getfield(L, -1, field);
  if (type != LUA_TNIL && !lua_isinteger(L, -1)) {
    lua_Integer n = lua_tointegerx(L, -1, &whole);
    if (whole) lua_pushinteger(L, n);
    if (whole) lua_setfield(L, -3, field);
  }
  lua_pop(L, 1);
}


static void need_tags(lua_State *L) {
  if (lua_getfield(L, -1, "tags") == LUA_TNIL) {
    lua_newtable(L);
    json_push_array_mark(L);
    lua_setmetatable(L, -2);
    lua_setfield(L, -3, "tags");
  }
  lua_pop(L, 1);
}


void asset_canonize(lua_State *L) {
  luaL_checkstack(L, 6, "asset");
  for (size_t i = 0; i < ROWS(renames); i++) rename_field(L, &renames[i]);
  for (size_t i = 0; i < ROWS(prefixes); i++) shorten(L, &prefixes[i]);
  for (size_t i = 0; i < ROWS(numbers); i++) make_integer(L, numbers[i]);
  need_tags(L);
}
