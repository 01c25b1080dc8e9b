/*
** The counters of an engine as a Lua table. lengine.c calls it.
*/
#ifndef LSTATS_H
#define LSTATS_H

#include <lua.h>

#include "core/engine.h"

/* Pushes a table of the engine's counters; times in seconds; pace: requests a
** second, 0: no limit is known. The engine is read before Lua can run. */
void cb_stats_push(lua_State *L, co_engine *engine);

#endif
