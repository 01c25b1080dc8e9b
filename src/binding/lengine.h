#ifndef LENGINE_H
#define LENGINE_H

#include <lauxlib.h>
#include <lua.h>

/* The engine's constructor, for the module's table. */
extern const luaL_Reg engine_functions[];

void engine_open(lua_State *L);

#endif
