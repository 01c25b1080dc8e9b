#ifndef LLOG_H
#define LLOG_H

#include <lauxlib.h>
#include <lua.h>

/* The log's constructors, for the module's table. */
extern const luaL_Reg cb_log_functions[];

void cb_log_open_type(lua_State *L);

#endif
