/*
** colua --restrict: chunks that nobody vouches for get an environment of
** their own. What is in it: codeocean.restrict.
*/
#ifndef COLUA_LRESTRICT_H
#define COLUA_LRESTRICT_H

#include <lua.h>

/* From now on chunks are restricted; the global `arg` must be set. */
void co_restrict_start(lua_State *L);

/* What lua_load may take: "t" when restricted, else NULL for both. */
const char *co_restrict_mode(lua_State *L);

/* Gives the chunk at the top its environment; passes on the status of its
   load. */
int co_restrict_bind(lua_State *L, int status);

#endif
