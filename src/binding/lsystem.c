/*
** What Lua's library does not tell of the system: is a file a terminal, how
** wide is it, how late is it.
*/
#include "binding/lsystem.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>


/* columns(file) -> width of the terminal it is, 80 if that is not known; nil
** if it is none */
static int system_columns(lua_State *L) {
  luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  int fd = stream->closef == NULL ? -1 : fileno(stream->f);
  struct winsize size = {0};
  if (fd < 0 || !isatty(fd)) return 0;
  bool known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  lua_pushinteger(L, known ? size.ws_col : 80);
  return 1;
}


/* now() -> seconds of a clock that nobody sets */
static int system_now(lua_State *L) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  lua_pushnumber(L, (double)t.tv_sec + (double)t.tv_nsec / 1e9);
  return 1;
}


const luaL_Reg system_functions[] = {
  {"columns", system_columns},
  {"now",     system_now},
  {NULL, NULL}
};
