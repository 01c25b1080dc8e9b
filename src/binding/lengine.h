/*
** The engine as a Lua object, "codeocean.engine". Called by lcore.c.
*/
#ifndef LENGINE_H
#define LENGINE_H

#include <lauxlib.h>
#include <lua.h>

/* The engine's constructor, for the module's table. */
extern const luaL_Reg cb_engine_functions[];

void cb_engine_open(lua_State *L);

#endif
