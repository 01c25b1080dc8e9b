/*
** The file of a journal or a plan, "codeocean.journal_file". Called by lcore.c.
*/
#ifndef LJOURNAL_FILE_H
#define LJOURNAL_FILE_H

#include <lauxlib.h>
#include <lua.h>

/* The constructor and journal_file_busy, for the module's table. */
extern const luaL_Reg cb_journal_file_functions[];

void cb_journal_file_open_type(lua_State *L);

#endif
