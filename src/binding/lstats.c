/*
** Pushes the counters of an engine, by name. Called by lengine.c.
**
** The first allocation may run a finalizer that closes the engine. So every
** figure is copied before it, and the engine is not used after it.
*/
#include "binding/lstats.h"

#include <math.h>

typedef struct count {
  const char *name;
  lua_Integer value;
} count;

typedef struct number {
  const char *name;
  double value;
} number;


/* The engine's part of engine:stats(). */
typedef struct figures {
  count counts[8];
  number numbers[6];
  bool unreachable;
} figures;


static figures read_figures(co_engine *engine) {
  const co_activity *activity = co_engine_activity(engine);
  const co_stats *stats = &activity->stats;
  const co_limiter *limiter = co_engine_limiter(engine);
  return (figures){
    .counts = {
      {"requests",       stats->requests},
      {"retries",        stats->retries},
      {"connections",    stats->connections},
      {"bytes_sent",     stats->sent},
      {"bytes_received", stats->received},
      {"in_flight",      limiter->in_flight},
      {"window",         (lua_Integer)limiter->window}
    },
    .numbers = {
      {"latency_p50", co_stats_latency(stats, 0.50)},
      {"latency_p95", co_stats_latency(stats, 0.95)},
      {"latency_p99", co_stats_latency(stats, 0.99)},
      {"clock_skew",  co_activity_skew(activity)},
      {"pace",        isinf(limiter->pace) ? 0 : limiter->pace}
    },
    .unreachable = co_engine_unreachable(engine)
  };
}


void cb_stats_push(lua_State *L, co_engine *engine) {
  const figures f = read_figures(engine);
  lua_createtable(L, 0, 14);
  for (const count *row = f.counts; row->name != NULL; row++) {
    lua_pushinteger(L, row->value);
    lua_setfield(L, -2, row->name);
  }
  for (const number *row = f.numbers; row->name != NULL; row++) {
    lua_pushnumber(L, row->value);
    lua_setfield(L, -2, row->name);
  }
  lua_pushboolean(L, f.unreachable);
  lua_setfield(L, -2, "unreachable");
}
