#ifndef LJOURNAL_FILE_H
#define LJOURNAL_FILE_H

#include <lauxlib.h>
#include <lua.h>

/* The constructor, for the module's table. */
extern const luaL_Reg cb_journal_file_functions[];

void cb_journal_file_open_type(lua_State *L);

#endif
