/*
** The primitives of a session, as a table of functions. Policy (what is
** completed, remembered, shown) is Lua's.
**
** libedit calls the completer, which is Lua, while it edits a line; the prompt
** was copied before. A line that was read stays until the next read, which
** only the session makes: no finalizer has these functions.
*/
#include "colua/lterminal.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "colua/edit.h"
#include "colua/linterrupt.h"

/* Its address is the key of the completer in the registry. */
static const char completer_key;


/* read(prompt) -> line; or nil, "end" or "interrupted" */
static int terminal_read(lua_State *L) {
  const char *line;
  enum co_edit_result result = co_edit_read(luaL_checkstring(L, 1), &line);
  if (result == CO_EDIT_LINE) {
    lua_pushstring(L, line);
    return 1;
  }
  luaL_pushfail(L);
  lua_pushstring(L, result == CO_EDIT_END ? "end" : "interrupted");
  return 2;
}


/* remember(text): the arrow keys bring it back. */
static int terminal_remember(lua_State *L) {
  co_edit_remember(luaL_checkstring(L, 1));
  return 0;
}


/* call(f, …) -> true, results; or false, error. Ctrl-C ends it for good. */
static int terminal_call(lua_State *L) {
  struct co_running frame;
  luaL_checkany(L, 1);
  co_interrupt_enter(&frame, L, CO_INTERRUPT_INSISTS);
  int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
  co_interrupt_leave(&frame);
  lua_pushboolean(L, status == LUA_OK);
  lua_insert(L, 1);
  return lua_gettop(L);
}


/* interrupted() -> whether Ctrl-C came during the last call */
static int terminal_interrupted(lua_State *L) {
  lua_pushboolean(L, co_interrupt_seen());
  return 1;
}


/* completer(f): Tab calls f(line, cursor) -> text to insert, text to list */
static int terminal_completer(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &completer_key);
  return 0;
}


/*
** Files that only their owner may read
*/

/* Makes the folders of `path`, for their owner alone. */
static void make_folders(char *path) {
  if (path[0] == '\0') return;
  for (char *at = strchr(path + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
    *at = '\0';
    mkdir(path, 0700);
    *at = '/';
  }
}


/* private(path) -> true; or nil, message. The file is there then, 0600. */
static int terminal_private(lua_State *L) {
  size_t length;
  const char *path = luaL_checklstring(L, 1, &length);
  char *scratch = lua_newuserdatauv(L, length + 1, 0);
  memcpy(scratch, path, length + 1);
  make_folders(scratch);
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  int error = fd < 0 || fchmod(fd, 0600) != 0 ? errno : 0;
  if (fd >= 0) close(fd);
  errno = error;
  return luaL_fileresult(L, error == 0, path);
}


/*
** Completion, from inside libedit: nothing may jump through it
*/

struct request {
  const char *line;
  size_t cursor;
  struct co_completion *answer;
};


static char *copy_string(lua_State *L, int index) {
  const char *text = lua_tostring(L, index);
  return text != NULL ? strdup(text) : NULL;
}


/* (light userdata of a request) */
static int answer_request(lua_State *L) {
  struct request *request = lua_touserdata(L, 1);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &completer_key) != LUA_TFUNCTION)
    return 0;
  lua_pushstring(L, request->line);
  lua_pushinteger(L, (lua_Integer)request->cursor);
  lua_call(L, 2, 2);
  request->answer->insert = copy_string(L, -2);
  request->answer->list = copy_string(L, -1);
  return 0;
}


static void complete(void *context, const char *line, size_t cursor,
                     struct co_completion *answer) {
  lua_State *L = context;
  struct request request = {line, cursor, answer};
  if (!lua_checkstack(L, 2)) return;
  lua_pushcfunction(L, answer_request);
  lua_pushlightuserdata(L, &request);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
    answer->list = copy_string(L, -1);   /* our bug, said where it shows */
    lua_pop(L, 1);
  }
}


static const luaL_Reg functions[] = {
  {"read",        terminal_read},
  {"remember",    terminal_remember},
  {"call",        terminal_call},
  {"interrupted", terminal_interrupted},
  {"completer",   terminal_completer},
  {"private",     terminal_private},
  {NULL, NULL}
};


void co_terminal_push(lua_State *L) {
  luaL_newlib(L, functions);
  co_interrupt_rest(1);
  lua_pushboolean(L, co_edit_open(complete, L));
  lua_setfield(L, -2, "edited");
}


void co_terminal_close(void) {
  co_interrupt_rest(0);
  co_edit_close();
}
