/*
** The interactive session.
*/
#ifndef COLUA_LREPL_H
#define COLUA_LREPL_H

#include <lua.h>

/* Reads, runs and prints until the input ends. May raise (memory only). */
void co_repl_run(lua_State *L);

#endif
