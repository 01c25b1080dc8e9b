/*
** A C program that embeds Lua and the module codeocean: runs the script named
** on its command line.
**
**   cc host.c -o host $(pkg-config --cflags --libs codeocean)
**   ./host program.lua
*/
#include <codeocean.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>


static int complain(lua_State *L) {
  luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
  return 1;
}


int main(int argc, char **argv) {
  lua_State *L = argc == 2 ? luaL_newstate() : NULL;
  if (L == NULL) {
    fprintf(stderr, "usage: host SCRIPT\n");
    return EXIT_FAILURE;
  }
  luaL_openlibs(L);
  luaL_requiref(L, "codeocean", luaopen_codeocean, 0);
  lua_pop(L, 1);
  lua_pushcfunction(L, complain);
  int status = luaL_loadfile(L, argv[1]);
  if (status == LUA_OK) status = lua_pcall(L, 0, 0, -2);
  if (status != LUA_OK) fprintf(stderr, "host: %s\n", lua_tostring(L, -1));
  lua_close(L);
  return status == LUA_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
