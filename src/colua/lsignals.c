/*
** The module colua.signals: counts SIGINT, SIGTERM and SIGHUP, so that a long
** job can test between two items whether it is to end. Only colua has this
** module: the library changes no signal handler. Keeps no pointer to a Lua
** value.
*/
#include "colua/lsignals.h"

#include <lauxlib.h>
#include <signal.h>
#include <string.h>

static const int caught[] = {SIGINT, SIGTERM, SIGHUP};

enum { CAUGHT = sizeof caught / sizeof caught[0] };

static struct sigaction before[CAUGHT];
static int catching;
static volatile sig_atomic_t count;


/* Counts signals. The second one ends the process, as by default. */
static void on_signal(int number) {
  struct sigaction fatal;
  if (++count < 2) return;
  memset(&fatal, 0, sizeof fatal);
  fatal.sa_handler = SIG_DFL;
  sigaction(number, &fatal, NULL);
  raise(number);
}


/* catch(): counts signals from now on; a signal ends a wait. A signal that is
** ignored (nohup) stays ignored. */
static int signals_catch(lua_State *L) {
  struct sigaction action;
  (void)L;
  count = 0;
  if (catching) return 0;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  for (int i = 0; i < CAUGHT; i++) {
    sigaction(caught[i], NULL, &before[i]);
    if (before[i].sa_handler != SIG_IGN) sigaction(caught[i], &action, NULL);
  }
  catching = 1;
  return 0;
}


/* came() -> whether a signal came since catch() */
static int signals_came(lua_State *L) {
  lua_pushboolean(L, count > 0);
  return 1;
}


/* release(): restores the handlers from before catch() */
static int signals_release(lua_State *L) {
  (void)L;
  for (int i = 0; catching && i < CAUGHT; i++)
    sigaction(caught[i], &before[i], NULL);
  catching = 0;
  return 0;
}


static const luaL_Reg functions[] = {
  {"catch",   signals_catch},
  {"came",    signals_came},
  {"release", signals_release},
  {NULL, NULL}
};


int luaopen_colua_signals(lua_State *L) {
  luaL_newlib(L, functions);
  return 1;
}
