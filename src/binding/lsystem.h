/*
** System functions that Lua's library lacks. Called by lcore.c.
*/
#ifndef LSYSTEM_H
#define LSYSTEM_H

#include <lauxlib.h>
#include <lua.h>

/* For the module's table. */
extern const luaL_Reg cb_system_functions[];

#endif
