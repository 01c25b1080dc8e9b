/*
** Refuses keys that stand twice in an object. Called by the reader.
*/
#include <lauxlib.h>

#include "binding/json/ljson_repeated_key.h"

enum { SHOWN = 40 };   /* most bytes of a key in the message */


/* The key, cut before the first byte of a character that does not fit. */
static const char *push_shown(lua_State *L, int key) {
  size_t length;
  const char *name = lua_tolstring(L, key, &length);
  if (length > SHOWN) {
    length = SHOWN;
    while (length > 0 && ((unsigned char)name[length] & 0xC0) == 0x80) length--;
  }
  return lua_pushlstring(L, name, length);
}


bool cb_json_is_new_key(lua_State *L, co_json *text, int key) {
  lua_pushvalue(L, key);
  bool known = lua_rawget(L, -2) != LUA_TNIL;
  lua_pop(L, 1);
  if (!known) return true;
  const char *shown = push_shown(L, key);
  return co_json_fail(text,
                      lua_pushfstring(L, "the key \"%s\" stands twice", shown));
}


void cb_json_drop_nulls(lua_State *L) {
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) {
    bool null = lua_islightuserdata(L, -1) && lua_touserdata(L, -1) == NULL;
    lua_pop(L, 1);
    if (!null) continue;
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, -4);
  }
}
