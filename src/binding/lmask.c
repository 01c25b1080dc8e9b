/*
** Masks secrets in texts that are not answers: messages about arguments, files
** and the environment. The text is a string on the stack.
*/
#include "binding/lmask.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/text/message.h"
#include "core/text/utf8.h"


void cb_mask_push(lua_State *L, int idx) {
  size_t length;
  const char *text = lua_tolstring(L, idx, &length);
  luaL_Buffer b;
  char *copy = luaL_buffinitsize(L, &b, length);
  memcpy(copy, text, length);
  co_message_mask(copy, length);
  luaL_pushresultsize(&b, length);
}


static void add_escape(luaL_Buffer *b, const char *bytes, size_t count) {
  static const char from[] = "\a\b\t\n\v\f\r", to[] = "abtnvfr";
  char text[8];
  for (size_t i = 0; i < count; i++) {
    const char *at = bytes[i] == '\0' ? NULL : strchr(from, bytes[i]);
    if (at != NULL) snprintf(text, sizeof text, "\\%c", to[at - from]);
    else snprintf(text, sizeof text, "\\%03u",
                  (unsigned)(unsigned char)bytes[i]);
    luaL_addstring(b, text);
  }
}


void cb_mask_push_line(lua_State *L, int idx) {
  size_t length;
  luaL_Buffer b;
  cb_mask_push(L, idx);
  const char *text = lua_tolstring(L, -1, &length);
  luaL_buffinit(L, &b);
  for (size_t i = 0, n; i < length; i += n) {
    size_t control = co_utf8_control(text + i, length - i);
    n = co_utf8_length(text + i, length - i);
    bool plain = control == 0 && n > 0;
    if (n == 0) n = 1;
    if (plain) luaL_addlstring(&b, text + i, n);
    else add_escape(&b, text + i, n);
  }
  luaL_pushresult(&b);
  lua_remove(L, -2);
}


/* mask(text) -> the text without the environment's token, without users and
** passwords of URLs, and without words that begin as tokens do */
static int mask_text(lua_State *L) {
  luaL_checkstring(L, 1);
  cb_mask_push(L, 1);
  return 1;
}


/* keep_token(): the token that the environment has now is masked also after the
** variable has been changed or removed. For a program that does that. */
static int mask_keep_token(lua_State *L) {
  (void)L;
  co_message_keep_token();
  return 0;
}


const luaL_Reg cb_mask_functions[] = {
  {"mask",       mask_text},
  {"keep_token", mask_keep_token},
  {NULL, NULL}
};
