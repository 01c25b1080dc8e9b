/*
** What the session (lua/colua/session.lua) has of the terminal and of Ctrl-C.
*/
#ifndef COLUA_LTERMINAL_H
#define COLUA_LTERMINAL_H

#include <lua.h>

/* Pushes the table of primitives. May raise. */
void cl_terminal_push(lua_State *L);

/* Puts the terminal back. */
void cl_terminal_close(void);

#endif
