/*
** The protected call around every chunk, and what is said when one fails.
*/
#include "colua/lrun.h"

#include <lauxlib.h>
#include <signal.h>
#include <stdio.h>

static const char *program_name;
static lua_State *running;      /* the state that a signal interrupts */
static volatile sig_atomic_t interrupted;


void co_run_set_program(const char *name) {
  program_name = name;
}


void co_run_complain(const char *message) {
  if (program_name != NULL) fprintf(stderr, "%s: ", program_name);
  fprintf(stderr, "%s\n", message);
  fflush(stderr);
}


static int message_handler(lua_State *L) {
  const char *message = lua_tostring(L, 1);
  if (message == NULL) {
    /* An object that can say what it is speaks for itself. */
    if (luaL_callmeta(L, 1, "__tostring") && lua_type(L, -1) == LUA_TSTRING)
      return 1;
    message = lua_pushfstring(L, "(error object is a %s value)",
                              luaL_typename(L, 1));
  }
  luaL_traceback(L, L, message, 1);
  return 1;
}


/*
** Ctrl-C
*/

static void set_handler(void (*handler)(int)) {
  struct sigaction action = {0};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);   /* no SA_RESTART: waits end */
}


static void interrupt_hook(lua_State *L, lua_Debug *ar) {
  (void)ar;
  lua_sethook(L, NULL, 0, 0);
  luaL_error(L, "interrupted!");
}


/* A signal handler may only set a hook; the VM calls it when it can raise. */
static void interrupt(int signal_number) {
  const int always = LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT;
  (void)signal_number;
  interrupted = 1;
  set_handler(SIG_DFL);
  lua_sethook(running, interrupt_hook, always, 1);
}


int co_run_was_interrupted(void) {
  return interrupted;
}


int co_run_call(lua_State *L, int arguments, int results) {
  int base = lua_gettop(L) - arguments;
  lua_pushcfunction(L, message_handler);
  lua_insert(L, base);
  running = L;
  interrupted = 0;
  set_handler(interrupt);
  int status = lua_pcall(L, arguments, results, base);
  set_handler(SIG_DFL);
  lua_remove(L, base);
  return status;
}


int co_run_report(lua_State *L, int status) {
  if (status != LUA_OK) {
    const char *message = lua_tostring(L, -1);
    co_run_complain(message ? message : "(error message is no string)");
    lua_pop(L, 1);
  }
  return status;
}


int co_run_chunk(lua_State *L, int status) {
  if (status == LUA_OK) status = co_run_call(L, 0, 0);
  return co_run_report(L, status);
}
