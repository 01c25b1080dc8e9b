/*
** The interactive session. On a terminal it is lua/colua/session.lua. Other
** input is read, run and printed as lua5.4 does: a line is tried as an
** expression, then as a statement that may continue on more lines. Texts are
** used only while they are on the Lua stack; each line is copied there before
** the next is read.
*/
#include "colua/lrepl.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "colua/terminal.h"
#include "colua/lrun.h"
#include "colua/lterminal.h"


/* Pushes the prompt: the global _PROMPT or _PROMPT2, else that of lua5.4. */
static const char *push_prompt(lua_State *L, int first) {
  if (lua_getglobal(L, first ? "_PROMPT" : "_PROMPT2") == LUA_TNIL)
    return lua_pushstring(L, first ? "> " : ">> ");
  return luaL_tolstring(L, -1, NULL);
}


/* Pushes the next line and echoes it, as lua5.4 does. 0 at the end of the
   input. */
static int push_line(lua_State *L, int first) {
  int top = lua_gettop(L);
  const char *line;
  enum cl_terminal_result result =
    cl_terminal_read(push_prompt(L, first), &line);
  lua_settop(L, top);
  if (result != CL_TERMINAL_LINE) return 0;
  puts(line);
  fflush(stdout);
  if (first && line[0] == '=')    /* as in Lua 5.2 */
    lua_pushfstring(L, "return %s", line + 1);
  else
    lua_pushstring(L, line);
  return 1;
}


/* Whether the message on the top says that only the chunk's end is missing. */
static int is_incomplete(lua_State *L, int status) {
  static const char mark[] = "<eof>";
  size_t length;
  if (status != LUA_ERRSYNTAX) return 0;
  const char *message = lua_tolstring(L, -1, &length);
  return length >= sizeof mark - 1 &&
         strcmp(message + length - (sizeof mark - 1), mark) == 0;
}


static int load_text(lua_State *L, const char *text) {
  return luaL_loadbufferx(L, text, strlen(text), "=stdin", "t");
}


/* Loads the line at 1 as an expression. Leaves its function at 2; nothing if it
** is no expression. */
static int load_expression(lua_State *L) {
  const char *line = lua_tostring(L, 1);
  lua_pushfstring(L, "return %s;", line);
  int status = load_text(L, lua_tostring(L, -1));
  lua_remove(L, 2);
  if (status != LUA_OK) lua_pop(L, 1);
  return status;
}


/* Loads the line at 1 as a statement, with more lines until it is complete.
   Leaves its function or the message at 2. */
static int load_statement(lua_State *L) {
  for (;;) {
    int status = load_text(L, lua_tostring(L, 1));
    if (!is_incomplete(L, status) || !push_line(L, 0)) return status;
    lua_remove(L, 2);             /* the message */
    lua_pushliteral(L, "\n");
    lua_insert(L, 2);
    lua_concat(L, 3);
  }
}


/* Leaves a function or a message as the only value; -1 at the end. */
static int load_input(lua_State *L) {
  lua_settop(L, 0);
  if (!push_line(L, 1)) return -1;
  int status = load_expression(L);
  if (status != LUA_OK) status = load_statement(L);
  lua_remove(L, 1);
  return status;
}


static void print_results(lua_State *L) {
  int n = lua_gettop(L);
  if (n == 0) return;
  luaL_checkstack(L, LUA_MINSTACK, "too many results to print");
  lua_getglobal(L, "print");
  lua_insert(L, 1);
  if (lua_pcall(L, n, 0, 0) != LUA_OK)
    cl_run_complain(lua_pushfstring(L, "error calling 'print' (%s)",
                                    lua_tostring(L, -1)));
}


static void run_plain(lua_State *L) {
  int status;
  while ((status = load_input(L)) != -1) {
    if (status == LUA_OK) status = cl_run_call(L, 0, LUA_MULTRET);
    if (status == LUA_OK)
      print_results(L);
    else
      cl_run_report(L, status);
  }
  lua_settop(L, 0);
  lua_writeline();
}


/* (version) */
static int run_session(lua_State *L) {
  lua_getglobal(L, "require");
  lua_pushliteral(L, "colua.session");
  lua_call(L, 1, 1);
  lua_getfield(L, -1, "run");
  cl_terminal_push(L);
  lua_pushvalue(L, 1);
  lua_call(L, 2, 0);
  return 0;
}


void cl_repl_run(lua_State *L, const char *version) {
  if (!isatty(STDIN_FILENO)) {
    run_plain(L);
    return;
  }
  lua_pushcfunction(L, run_session);
  lua_pushstring(L, version);
  int status = lua_pcall(L, 1, 0, 0);
  cl_terminal_leave();
  cl_run_report(L, status);
}
