/*
** System functions that Lua's library lacks: terminals, clocks, random numbers,
** who runs this. Files are in lfile.c. Keeps no pointer to a Lua value.
*/
#include "binding/lsystem.h"

#include <errno.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>


/* columns(file) -> the terminal's width, 80 if unknown; nil if the file is not
** a terminal */
static int system_columns(lua_State *L) {
  luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  int fd = stream->closef == NULL ? -1 : fileno(stream->f);
  struct winsize size = {0};
  if (fd < 0 || !isatty(fd)) return 0;
  bool known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  lua_pushinteger(L, known ? size.ws_col : 80);
  return 1;
}


/* time_of_day() -> seconds since the epoch, with parts of a second */
static int system_time_of_day(lua_State *L) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  lua_pushnumber(L, (double)t.tv_sec + (double)t.tv_nsec / 1e9);
  return 1;
}


/* now() -> seconds of the monotonic clock */
static int system_now(lua_State *L) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  lua_pushnumber(L, (double)t.tv_sec + (double)t.tv_nsec / 1e9);
  return 1;
}


/* random() -> an integer >= 0 of 63 random bits from the system. Lua 5.3 gives
** each process the same numbers. */
static int system_random(lua_State *L) {
  lua_Unsigned bits;
  if (getentropy(&bits, sizeof bits) != 0) {
    return luaL_error(L, "no random numbers: %s", strerror(errno));
  }
  lua_pushinteger(L, (lua_Integer)(bits >> 1));
  return 1;
}


/* whereabouts() -> name of the user, name of the host, current folder; nil for
** what is unknown */
static int system_whereabouts(lua_State *L) {
  char text[4096 + 1];
  struct passwd entry, *found = NULL;
  int code = getpwuid_r(geteuid(), &entry, text, sizeof text, &found);
  lua_pushstring(L, code == 0 && found != NULL ? entry.pw_name : NULL);
  bool known = gethostname(text, sizeof text - 1) == 0;
  text[sizeof text - 1] = '\0';
  lua_pushstring(L, known ? text : NULL);
  lua_pushstring(L, getcwd(text, sizeof text));
  return 3;
}


const luaL_Reg cb_system_functions[] = {
  {"columns",     system_columns},
  {"random",      system_random},
  {"now",         system_now},
  {"time_of_day", system_time_of_day},
  {"whereabouts", system_whereabouts},
  {NULL, NULL}
};
