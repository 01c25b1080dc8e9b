/*
** The interactive session.
*/
#ifndef COLUA_LREPL_H
#define COLUA_LREPL_H

#include <lua.h>

/* Reads, runs and prints until the input ends. On a terminal `version` opens
   the banner. May raise (memory only). */
void cl_repl_run(lua_State *L, const char *version);

#endif
