/*
** What Lua's library does not know of the system: terminals, a clock, files.
**
** The arguments stay on the stack of the call, and an open folder is a
** userdata there that no Lua value refers to: neither can go while a
** finalizer runs.
*/
#include "binding/lsystem.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "binding/ltype.h"


static const char *const folder_name = "codeocean.folder";


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


/* make_folder(path) -> true; or nil, message. Private to its owner; the
** folders above it must be there. */
static int system_make_folder(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  if (mkdir(path, 0700) == 0 || errno == EEXIST) {
    lua_pushboolean(L, 1);
    return 1;
  }
  luaL_pushfail(L);
  lua_pushstring(L, strerror(errno));
  return 2;
}


/* open_to_others(file) -> whether another user may do anything with it */
static int system_open_to_others(lua_State *L) {
  luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  struct stat facts;
  int fd = stream->closef == NULL ? -1 : fileno(stream->f);
  lua_pushboolean(L, fd >= 0 && fstat(fd, &facts) == 0 &&
                     (facts.st_mode & 077) != 0);
  return 1;
}


/* replaceable(path) -> whether a new file may take its place: it is a file, or
** nothing is there. Not so of a device, a pipe or a folder. */
static int system_replaceable(lua_State *L) {
  struct stat facts;
  lua_pushboolean(L, stat(luaL_checkstring(L, 1), &facts) != 0 ||
                     S_ISREG(facts.st_mode));
  return 1;
}


/* absolute(path) -> the file's path from the root, without links; nil if it
** is not there */
static int system_absolute(lua_State *L) {
  char path[4096 + 1];
  if (realpath(luaL_checkstring(L, 1), path) == NULL) return 0;
  lua_pushstring(L, path);
  return 1;
}


static int folder_close(lua_State *L) {
  DIR **folder = luaL_checkudata(L, 1, folder_name);
  if (*folder != NULL) closedir(*folder);
  *folder = NULL;
  return 0;
}


/* A folder that is closed when an error unwinds past it. */
static DIR **push_folder(lua_State *L) {
  DIR **folder = lua_newuserdatauv(L, sizeof *folder, 0);
  *folder = NULL;
  luaL_setmetatable(L, folder_name);
  return folder;
}


/* list_folder(path) -> names of its entries, in no order; or nil, message,
** errno */
static int system_list_folder(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  DIR **folder = push_folder(L);
  *folder = opendir(path);
  if (*folder == NULL) {
    int code = errno;
    luaL_pushfail(L);
    lua_pushstring(L, strerror(code));
    lua_pushinteger(L, code);
    return 3;
  }
  const struct dirent *entry;
  lua_newtable(L);
  for (lua_Integer i = 1; (entry = readdir(*folder)) != NULL; i++) {
    lua_pushstring(L, entry->d_name);
    lua_rawseti(L, -2, i);
  }
  closedir(*folder);
  *folder = NULL;
  return 1;
}


void system_open(lua_State *L) {
  type_open(L, folder_name, folder_close, NULL);
}


const luaL_Reg system_functions[] = {
  {"columns",        system_columns},
  {"now",            system_now},
  {"open_to_others", system_open_to_others},
  {"replaceable",    system_replaceable},
  {"absolute",       system_absolute},
  {"make_folder",    system_make_folder},
  {"list_folder",    system_list_folder},
  {NULL, NULL}
};
