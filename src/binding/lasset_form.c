/*
** Converts the API's two spellings of an asset to the canonical form, by rows.
** A value that is converted stays on the stack until the new one replaces it.
*/
#include "binding/lasset_form.h"

#include <lauxlib.h>
#include <string.h>

#include "binding/json/ljson_mark.h"

#define NAME(text) text, sizeof text - 1

static const cb_asset_field fields[] = {
  {NAME("id"),          "id",        CB_ASSET_ID,     NULL},
  {NAME("tags"),        "tags",      CB_ASSET_TAGS,   NULL},
  {NAME("created"),     "created",   CB_ASSET_NUMBER, NULL},
  {NAME("last_used"),   "last_used", CB_ASSET_NUMBER, NULL},
  {NAME("lastUsed"),    "last_used", CB_ASSET_NUMBER, NULL},
  {NAME("size"),        "size",      CB_ASSET_NUMBER, NULL},
  {NAME("sizeInBytes"), "size",      CB_ASSET_NUMBER, NULL},
  {NAME("files"),       "files",     CB_ASSET_NUMBER, NULL},
  {NAME("state"),       "state",     CB_ASSET_WORD,   "DATA_ASSET_STATE_"},
  {NAME("type"),        "type",      CB_ASSET_WORD,   "DATA_ASSET_TYPE_"}
};


const cb_asset_field *cb_asset_field_find(const char *name, size_t length) {
  const cb_asset_field *end = fields + sizeof fields / sizeof fields[0];
  for (const cb_asset_field *row = fields; row < end; row++)
    if (row->length == length && memcmp(row->name, name, length) == 0)
      return row;
  return NULL;
}


/* Does not use tolower, which depends on the locale (Turkish I). */
static char lower(char c) {
  return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}


/* DATA_ASSET_STATE_DRAFT -> draft. A word without the prefix stays as it is. */
static void shorten(lua_State *L, const char *prefix) {
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
  if (*text != *prefix) return;
  size_t skip = strlen(prefix);
  if (strncmp(text, prefix, skip) != 0) return;
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (text += skip; *text != '\0'; text++) luaL_addchar(&b, lower(*text));
  luaL_pushresult(&b);
  lua_replace(L, -2);
}


/* Makes a whole number an integer, and a number beyond 64 bits its digits. */
static void make_integer(lua_State *L) {
  int whole;
  size_t length;
  if (lua_isinteger(L, -1)) return;
  const char *digits = cb_json_number_digits(L, -1, &length);
  if (digits != NULL) {
    lua_pushlstring(L, digits, length);
    lua_replace(L, -2);
    return;
  }
  lua_Integer n = lua_tointegerx(L, -1, &whole);
  if (!whole) return;
  lua_pushinteger(L, n);
  lua_replace(L, -2);
}


void cb_asset_convert(lua_State *L, const cb_asset_field *field) {
  if (field->kind == CB_ASSET_NUMBER) make_integer(L);
  else if (field->kind == CB_ASSET_WORD) shorten(L, field->prefix);
}


void cb_asset_mark_unreadable(lua_State *L, const char *why) {
  int asset = lua_absindex(L, -3), key = asset + 1;
  lua_pushliteral(L, "unreadable");
  if (lua_rawget(L, asset) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushliteral(L, "unreadable");
    lua_pushvalue(L, -2);
    lua_rawset(L, asset);
  }
  lua_pushvalue(L, key);
  lua_pushstring(L, why);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}
