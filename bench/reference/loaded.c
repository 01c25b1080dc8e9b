/*
** A Lua module that only links libcurl, to measure stock Lua with libcurl
** loaded.
*/
#include <curl/curl.h>
#include <lauxlib.h>

int luaopen_loaded(lua_State *L);


__attribute__((visibility("default")))
int luaopen_loaded(lua_State *L) {
  lua_pushstring(L, curl_version());
  return 1;
}
