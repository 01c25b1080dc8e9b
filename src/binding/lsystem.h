#ifndef LSYSTEM_H
#define LSYSTEM_H

#include <lauxlib.h>
#include <lua.h>

/* For the module's table. */
extern const luaL_Reg cb_system_functions[];

void cb_system_open(lua_State *L);

#endif
