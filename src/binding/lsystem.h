#ifndef LSYSTEM_H
#define LSYSTEM_H

#include <lauxlib.h>
#include <lua.h>

/* For the module's table. */
extern const luaL_Reg system_functions[];

#endif
