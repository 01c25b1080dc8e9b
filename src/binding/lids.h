#ifndef LIDS_H
#define LIDS_H

#include <lauxlib.h>

/* For the module's table. */
extern const luaL_Reg ids_functions[];

void ids_open(lua_State *L);

#endif
