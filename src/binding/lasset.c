/*
** One form of an asset out of the API's two spellings, by rows. The value
** that is converted stays on the stack until the other takes its place.
*/
#include "binding/lasset.h"

#include <lauxlib.h>
#include <string.h>

#include "binding/ljson_mark.h"

#define NAME(text) text, sizeof text - 1

static const asset_field fields[] = {
  {NAME("id"),          "id",        ASSET_ID,     NULL},
  {NAME("tags"),        "tags",      ASSET_TAGS,   NULL},
  {NAME("created"),     "created",   ASSET_NUMBER, NULL},
  {NAME("last_used"),   "last_used", ASSET_NUMBER, NULL},
  {NAME("lastUsed"),    "last_used", ASSET_NUMBER, NULL},
  {NAME("size"),        "size",      ASSET_NUMBER, NULL},
  {NAME("sizeInBytes"), "size",      ASSET_NUMBER, NULL},
  {NAME("files"),       "files",     ASSET_NUMBER, NULL},
  {NAME("state"),       "state",     ASSET_WORD,   "DATA_ASSET_STATE_"},
  {NAME("type"),        "type",      ASSET_WORD,   "DATA_ASSET_TYPE_"}
};


const asset_field *asset_field_find(const char *name, size_t length) {
  const asset_field *end = fields + sizeof fields / sizeof fields[0];
  for (const asset_field *row = fields; row < end; row++)
    if (row->length == length && memcmp(row->name, name, length) == 0)
      return row;
  return NULL;
}


/* Not tolower: in Turkish the small letter of I is another. */
static char lower(char c) {
  return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}


/* DATA_ASSET_STATE_DRAFT -> draft. A newer release's word stays as it is. */
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


/* Whole numbers become integers; a number beyond 64 bits is its digits. */
static void make_integer(lua_State *L) {
  int whole;
  size_t length;
  const char *digits = json_number_digits(L, -1, &length);
  if (digits != NULL) {
    lua_pushlstring(L, digits, length);
    lua_replace(L, -2);
    return;
  }
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
