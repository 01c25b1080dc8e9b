#ifndef LSYSTEM_H
#define LSYSTEM_H

#include <lauxlib.h>
#include <lua.h>

/* For the module's table. */
extern const luaL_Reg system_functions[];

void system_open(lua_State *L);

#endif
