/*
** The protected call of every chunk, and the report of its error.
**
** A frame on the C stack (linterrupt.h) is entered before and removed after
** lua_pcall, which never raises.
*/
#include "colua/lrun.h"

#include <lauxlib.h>
#include <stdio.h>

#include "colua/complaint.h"
#include "colua/linterrupt.h"

static const char *program_name;


void cl_run_set_program(const char *name) {
  program_name = name;
}


void cl_run_complain(const char *message) {
  if (program_name != NULL) fprintf(stderr, "%s: ", program_name);
  cl_complaint_write(message);
  putc('\n', stderr);
  fflush(stderr);
}


static int message_handler(lua_State *L) {
  const char *message = lua_tostring(L, 1);
  if (message == NULL) {
    /* An error object with __tostring is shown without a traceback. */
    if (luaL_callmeta(L, 1, "__tostring") && lua_type(L, -1) == LUA_TSTRING)
      return 1;
    message = lua_pushfstring(L, "(error object is a %s value)",
                              luaL_typename(L, 1));
  }
  luaL_traceback(L, L, message, 1);
  return 1;
}


int cl_run_was_interrupted(void) {
  return cl_interrupt_seen();
}


int cl_run_call(lua_State *L, int arguments, int results) {
  struct cl_running frame;
  int base = lua_gettop(L) - arguments;
  lua_pushcfunction(L, message_handler);
  lua_insert(L, base);
  cl_interrupt_enter(&frame, L, CL_INTERRUPT_ONCE);
  int status = lua_pcall(L, arguments, results, base);
  cl_interrupt_leave(&frame);
  lua_remove(L, base);
  return status;
}


int cl_run_report(lua_State *L, int status) {
  if (status != LUA_OK) {
    const char *message = lua_tostring(L, -1);
    cl_run_complain(message ? message : "(error message not a string)");
    lua_pop(L, 1);
  }
  return status;
}


/* Prints the hint that colua.advice has for the message at `idx`, if any. */
static void print_hint(lua_State *L, int idx) {
  int top = lua_gettop(L);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "colua.advice");
  if (lua_pcall(L, 1, 1, 0) == LUA_OK && lua_istable(L, -1)) {
    lua_getfield(L, -1, "of_script");
    lua_pushvalue(L, idx);
    if (lua_pcall(L, 1, 1, 0) == LUA_OK && lua_isstring(L, -1))
      cl_run_complain(lua_tostring(L, -1));
  }
  lua_settop(L, top);
}


int cl_run_report_script(lua_State *L, int status) {
  if (status != LUA_ERRSYNTAX && status != LUA_ERRRUN)
    return cl_run_report(L, status);
  int message = lua_gettop(L);
  lua_pushvalue(L, message);
  cl_run_report(L, status);
  if (lua_type(L, message) == LUA_TSTRING) print_hint(L, message);
  lua_pop(L, 1);
  return status;
}


int cl_run_chunk(lua_State *L, int status) {
  if (status == LUA_OK) status = cl_run_call(L, 0, 0);
  return cl_run_report(L, status);
}
