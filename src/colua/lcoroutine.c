/*
** coroutine.resume and coroutine.wrap that record which coroutine runs, so that
** Ctrl-C reaches a loop inside one. Otherwise they behave as Lua's own.
**
** The record is a frame on the C stack. Only lua_resume, which never raises, is
** between its entry and its removal. The coroutine is an argument or an
** upvalue, so it lives while it runs.
*/
#include "colua/lcoroutine.h"

#include <lauxlib.h>
#include <lualib.h>

#include "colua/linterrupt.h"


/* Resumes with `arguments` values from the top of L. Returns the number of
   results on L; or -1, with a message on L. */
static int resume(lua_State *L, lua_State *co, int arguments) {
  struct cl_running frame;
  int results = 0;
  if (!lua_checkstack(co, arguments)) {
    lua_pushliteral(L, "too many arguments to resume");
    return -1;
  }
  lua_xmove(L, co, arguments);
  cl_interrupt_push(&frame, co);
  int status = lua_resume(co, L, arguments, &results);
  cl_interrupt_pop(&frame);
  if (status == LUA_OK || status == LUA_YIELD) {
    if (lua_checkstack(L, results + 1)) {
      lua_xmove(co, L, results);
      return results;
    }
    lua_pop(co, results);
    lua_pushliteral(co, "too many results to resume");
  }
  lua_xmove(co, L, 1);
  return -1;
}


/* coroutine.resume(co, …) -> true, results; or false, error */
static int coroutine_resume(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co != NULL, 1, "thread");
  int results = resume(L, co, lua_gettop(L) - 1);
  lua_pushboolean(L, results >= 0);
  int count = results >= 0 ? results : 1;
  lua_insert(L, -(count + 1));
  return count + 1;
}


/* Closes the pending variables of a coroutine that failed; an error there
   replaces the first. */
static void close_failed(lua_State *L, lua_State *co) {
  int status = lua_status(co);
  if (status == LUA_OK || status == LUA_YIELD) return;
  lua_resetthread(co);
  lua_pop(L, 1);
  lua_xmove(co, L, 1);
}


static int call_wrapped(lua_State *L) {
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  int results = resume(L, co, lua_gettop(L));
  if (results >= 0) return results;
  int out_of_memory = lua_status(co) == LUA_ERRMEM;
  close_failed(L, co);
  if (!out_of_memory && lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);   /* the caller's place, as Lua's own */
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}


/* coroutine.wrap(f) -> a function that resumes, and raises its errors */
static int coroutine_wrap(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, call_wrapped, 1);
  return 1;
}


static const luaL_Reg functions[] = {
  {"resume", coroutine_resume},
  {"wrap",   coroutine_wrap},
  {NULL, NULL}
};


void cl_coroutine_install(lua_State *L) {
  lua_getglobal(L, LUA_COLIBNAME);
  luaL_setfuncs(L, functions, 0);
  lua_pop(L, 1);
}
