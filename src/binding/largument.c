/*
** Raises errors at the user's line: the nearest call that is neither C nor in
** this library's Lua files. Texts are on the callers' stack; a chunk's name
** lives as long as its function, which is on the call stack.
*/
#include "binding/largument.h"

#include <stdbool.h>
#include <string.h>

#include "binding/lmask.h"

static const char *const library_key = "codeocean.library";


static bool is_ours(lua_State *L, const lua_Debug *call) {
  bool ours = *call->what == 'C';
  lua_getfield(L, LUA_REGISTRYINDEX, library_key);
  const char *prefix = lua_tostring(L, -1);
  if (prefix != NULL)
    ours = ours || strncmp(call->source, prefix, strlen(prefix)) == 0;
  lua_pop(L, 1);
  return ours;
}


static void push_place(lua_State *L) {
  lua_Debug call;
  for (int level = 1; lua_getstack(L, level, &call); level++) {
    lua_getinfo(L, "Sl", &call);
    if (is_ours(L, &call)) continue;
    lua_pushfstring(L, "%s:%d: ", call.short_src, call.currentline);
    return;
  }
  lua_pushliteral(L, "");
}


int cb_argument_refuse(lua_State *L, const char *what, const char *path,
                       const char *problem) {
  push_place(L);
  if (what == NULL)
    lua_pushfstring(L, "cannot be written as JSON: %s%s%s", path,
                    *path == '\0' ? "" : ": ", problem);
  else
    lua_pushfstring(L, "bad argument '%s' to '%s' (%s)", path, what, problem);
  lua_concat(L, 2);
  cb_mask_push_line(L, lua_gettop(L));
  return lua_error(L);
}


double cb_argument_seconds(lua_State *L, int idx, const char *what) {
  enum { MOST = 1000000000 };
  double seconds = lua_type(L, idx) == LUA_TNUMBER ? lua_tonumber(L, idx) : -1;
  if (seconds >= 0 && seconds <= MOST) return seconds;
  const char *got = lua_type(L, idx) == LUA_TNUMBER
                      ? luaL_tolstring(L, idx, NULL) : luaL_typename(L, idx);
  cb_argument_refuse(L, what, "seconds",
                     lua_pushfstring(L, "number from 0 to %d expected, got %s",
                                     MOST, got));
  return seconds;
}


/* complain(function, argument, problem): raises at the user's line */
static int argument_complain(lua_State *L) {
  return cb_argument_refuse(L, luaL_checkstring(L, 1), luaL_checkstring(L, 2),
                            luaL_checkstring(L, 3));
}


/* library(name): declares the calling chunk, whose file has this name, a file
** of this library, and with it all chunks whose source begins with the same
** folder */
static int argument_library(lua_State *L) {
  size_t length, name;
  lua_Debug caller;
  const char *file = luaL_checklstring(L, 1, &name);
  if (!lua_getstack(L, 1, &caller) || !lua_getinfo(L, "S", &caller)) return 0;
  length = strlen(caller.source);
  if (length < name || strcmp(caller.source + length - name, file) != 0)
    lua_pushliteral(L, "=codeocean");
  else
    lua_pushlstring(L, caller.source, length - name);
  lua_setfield(L, LUA_REGISTRYINDEX, library_key);
  return 0;
}


const luaL_Reg cb_argument_functions[] = {
  {"complain", argument_complain},
  {"library",  argument_library},
  {NULL, NULL}
};
