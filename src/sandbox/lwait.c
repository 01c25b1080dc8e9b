/*
** The wait of a sandbox's object: lsandbox.c calls it for a server of this
** process, ljoin.c for one of another process.
*/
#include "sandbox/lsandbox.h"

#include <math.h>
#include <poll.h>

#define TICK 200   /* milliseconds */
#define LONGEST 1e9


/* Waits tick by tick, and returns as soon as there is a hook, which Lua then
** runs: Lua's handler of Ctrl-C only sets a hook, and the signal may come just
** before poll begins. */
void sb_wait(lua_State *L) {
  bool forever = lua_isnoneornil(L, 2);
  double seconds = forever ? INFINITY : luaL_checknumber(L, 2);
  luaL_argcheck(L, forever || (seconds >= 0 && seconds <= LONGEST), 2,
                "seconds from 0 to 1000000000 expected");
  double until = sb_monotonic() + seconds;
  bool waiting = true;
  while (waiting) {
    double left = (until - sb_monotonic()) * 1000;
    int tick = left < TICK ? (int)ceil(left) : TICK;
    waiting = tick > 0 && poll(NULL, 0, tick) == 0 && !lua_gethook(L);
  }
}
