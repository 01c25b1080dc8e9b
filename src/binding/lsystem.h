#ifndef LSYSTEM_H
#define LSYSTEM_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>

/* columns and now, for the module's table. */
extern const luaL_Reg system_functions[];

#endif
