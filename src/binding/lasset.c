/*
** One form of an asset out of the API's two spellings, by rows.
*/
#include "binding/lasset.h"

#include <lauxlib.h>
#include <string.h>

static const asset_field fields[] = {
  {"id",          "id",        ASSET_ID,     NULL},
  {"tags",        "tags",      ASSET_TAGS,   NULL},
  {"created",     "created",   ASSET_NUMBER, NULL},
  {"last_used",   "last_used", ASSET_NUMBER, NULL},
  {"lastUsed",    "last_used", ASSET_NUMBER, NULL},
  {"size",        "size",      ASSET_NUMBER, NULL},
  {"sizeInBytes", "size",      ASSET_NUMBER, NULL},
  {"files",       "files",     ASSET_NUMBER, NULL},
  {"state",       "state",     ASSET_WORD,   "DATA_ASSET_STATE_"},
  {"type",        "type",      ASSET_WORD,   "DATA_ASSET_TYPE_"}
};


const asset_field *asset_field_find(const char *name, size_t length) {
  const asset_field *end = fields + sizeof fields / sizeof fields[0];
  for (const asset_field *row = fields; row < end; row++)
    if (row->name[0] == name[0] && strlen(row->name) == length &&
        memcmp(row->name, name, length) == 0)
      return row;
  return NULL;
}


/* Not tolower: in Turkish the small letter of I is another. */
static char lower(char c) {
  return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}


/* DATA_ASSET_STATE_DRAFT -> draft. A newer release's word stays as it is. */
static void shorten(lua_State *L, const char *prefix) {
  size_t skip = strlen(prefix);
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
  if (strncmp(text, prefix, skip) != 0) return;
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (text += skip; *text != '\0'; text++) luaL_addchar(&b, lower(*text));
  luaL_pushresult(&b);
  lua_replace(L, -2);
}


/* Whole numbers become integers. */
static void make_integer(lua_State *L) {
  int whole;
  if (lua_isinteger(L, -1)) return;
  lua_Integer n = lua_tointegerx(L, -1, &whole);
  if (!whole) return;
  lua_pushinteger(L, n);
  lua_replace(L, -2);
}


void asset_convert(lua_State *L, const asset_field *field) {
  if (field->kind == ASSET_NUMBER) make_integer(L);
  else if (field->kind == ASSET_WORD) shorten(L, field->prefix);
}
