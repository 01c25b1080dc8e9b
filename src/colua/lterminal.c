/*
** The table of functions that a session uses for its terminal: lines, bytes,
** the window's size, calls that Ctrl-C ends. Editing, completion, history and
** output are in Lua (lua/colua). Keeps no pointer to a Lua value; a line is
** copied before the next is read.
*/
#include "colua/lterminal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "colua/terminal.h"
#include "colua/linterrupt.h"

/* read(prompt) -> line; or nil, "end" or "interrupted" */
static int terminal_read(lua_State *L) {
  const char *line;
  enum cl_terminal_result result =
    cl_terminal_read(luaL_checkstring(L, 1), &line);
  if (result == CL_TERMINAL_LINE) {
    lua_pushstring(L, line);
    return 1;
  }
  luaL_pushfail(L);
  lua_pushstring(L, result == CL_TERMINAL_END ? "end" : "interrupted");
  return 2;
}


/* raw(on): whether each key comes as a byte */
static int terminal_raw(lua_State *L) {
  luaL_checktype(L, 1, LUA_TBOOLEAN);
  cl_terminal_raw(lua_toboolean(L, 1));
  return 0;
}


/* byte([milliseconds]) -> the next byte; or nil and "end", "interrupted",
** "resized" or, after that time, "none" */
static int terminal_byte(lua_State *L) {
  static const char *const words[] = {
    [CL_TERMINAL_END] = "end", [CL_TERMINAL_INTERRUPTED] = "interrupted",
    [CL_TERMINAL_RESIZED] = "resized", [CL_TERMINAL_NONE] = "none"
  };
  unsigned char byte = 0;
  enum cl_terminal_result result =
    cl_terminal_byte((int)luaL_optinteger(L, 1, -1), &byte);
  if (result == CL_TERMINAL_BYTE) {
    lua_pushinteger(L, byte);
    return 1;
  }
  luaL_pushfail(L);
  lua_pushstring(L, words[result]);
  return 2;
}


/* byte_waits() -> whether byte() would not wait */
static int terminal_byte_waits(lua_State *L) {
  lua_pushboolean(L, cl_terminal_byte_waits());
  return 1;
}


/* size() -> columns, rows */
static int terminal_size(lua_State *L) {
  int columns, rows;
  cl_terminal_size(&columns, &rows);
  lua_pushinteger(L, columns);
  lua_pushinteger(L, rows);
  return 2;
}


/* suspend(): as Ctrl-Z; returns when the process is continued */
static int terminal_suspend(lua_State *L) {
  (void)L;
  cl_terminal_suspend();
  return 0;
}


/* call(f, …) -> true, results; or false, error. Ctrl-C ends the call even if
** the code catches errors. */
static int terminal_call(lua_State *L) {
  struct cl_running frame;
  luaL_checkany(L, 1);
  cl_interrupt_enter(&frame, L, CL_INTERRUPT_INSISTS);
  int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
  cl_interrupt_leave(&frame);
  lua_pushboolean(L, status == LUA_OK);
  lua_insert(L, 1);
  return lua_gettop(L);
}


/* interrupted() -> whether Ctrl-C came during the last call; true only once,
** so that only one of several nested calls reports it */
static int terminal_interrupted(lua_State *L) {
  lua_pushboolean(L, cl_interrupt_seen());
  return 1;
}


/*
** Files
*/

static int is_folder(DIR *folder, const struct dirent *entry) {
  struct stat facts;
  if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
    return entry->d_type == DT_DIR;
  return fstatat(dirfd(folder), entry->d_name, &facts, 0) == 0 &&
         S_ISDIR(facts.st_mode);
}


/* Writes as many names of the folder as fit into `names`, NUL-terminated, and
   returns the bytes used. Calls no Lua, since the folder is open. */
static size_t list_folder(const char *path, char *names, size_t room) {
  size_t used = 0;
  DIR *folder = opendir(path);
  if (folder == NULL) return 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    const char *name = entry->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
    if (strlen(name) + 2 > room - used) break;
    used += (size_t)sprintf(names + used, "%s%s", name,
                            is_folder(folder, entry) ? "/" : "") + 1;
  }
  closedir(folder);
  return used;
}


/* files(folder) -> list of the names in it, without "." and ".."; names of
   folders end in "/". Has only a part of a very large folder; is empty if the
   folder cannot be read. */
static int terminal_files(lua_State *L) {
  enum { ROOM = 64 * 1024 };
  const char *path = luaL_checkstring(L, 1);
  char *names = lua_newuserdatauv(L, ROOM, 0);
  size_t used = list_folder(path, names, ROOM);
  lua_newtable(L);
  lua_Integer count = 0;
  for (size_t at = 0; at < used; at += strlen(names + at) + 1) {
    lua_pushstring(L, names + at);
    lua_rawseti(L, -2, ++count);
  }
  return 1;
}


/* Makes the file at `path` if there is none, and makes it private to its owner.
   Returns 0 or an errno: EINVAL for a file that is not regular. Waits for no
   pipe and follows no link. */
static int make_private(const char *path) {
  struct stat facts;
  bool known = lstat(path, &facts) == 0;
  if (known && !S_ISREG(facts.st_mode)) return EINVAL;
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                0600);
  if (fd < 0) return errno;
  int error = fstat(fd, &facts) != 0 ? errno : 0;
  if (error == 0 && !S_ISREG(facts.st_mode)) error = EINVAL;
  if (error == 0 && fchmod(fd, 0600) != 0) error = errno;
  close(fd);
  return error;
}


/* private(path) -> true; or nil, message. Makes sure that the file exists, is
   a regular one, and is private to its owner (0600). */
static int terminal_private(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  int error = make_private(path);
  if (error != EINVAL && error != ELOOP) {
    errno = error;
    return luaL_fileresult(L, error == 0, path);
  }
  luaL_pushfail(L);
  lua_pushfstring(L, "%s: it is a link, a folder, a pipe or a device; a "
                     "regular file is needed", path);
  return 2;
}


static const luaL_Reg functions[] = {
  {"read",        terminal_read},
  {"raw",         terminal_raw},
  {"byte",        terminal_byte},
  {"byte_waits",  terminal_byte_waits},
  {"size",        terminal_size},
  {"suspend",     terminal_suspend},
  {"call",        terminal_call},
  {"interrupted", terminal_interrupted},
  {"files",       terminal_files},
  {"private",     terminal_private},
  {NULL, NULL}
};


void cl_terminal_push(lua_State *L) {
  luaL_newlib(L, functions);
  cl_interrupt_rest(1);
  lua_pushboolean(L, cl_terminal_open());
  lua_setfield(L, -2, "edited");
}


void cl_terminal_leave(void) {
  cl_interrupt_rest(0);
  cl_terminal_close();
}
