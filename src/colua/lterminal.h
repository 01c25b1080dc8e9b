/*
** The terminal and Ctrl-C for the session (lua/colua/session.lua).
*/
#ifndef COLUA_LTERMINAL_H
#define COLUA_LTERMINAL_H

#include <lua.h>

/* Pushes the table of primitives. May raise. */
void cl_terminal_push(lua_State *L);

/* Restores the terminal. */
void cl_terminal_leave(void);

#endif
