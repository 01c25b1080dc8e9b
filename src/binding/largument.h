/*
** Errors about wrong arguments, raised at the line of the user's program.
*/
#ifndef LARGUMENT_H
#define LARGUMENT_H

#include <lauxlib.h>
#include <lua.h>

/* Raises "place: bad argument 'path' to 'what' (problem)", or, with `what`
** NULL, that a value cannot be written as JSON. Never returns. */
int cb_argument_refuse(lua_State *L, const char *what, const char *path,
                       const char *problem);

/* The seconds at idx: 0 to a billion (31 years), so that sums stay exact and
** every wait ends. Anything else, NaN included, raises a bad argument 'seconds'
** to `what`. */
double cb_argument_seconds(lua_State *L, int idx, const char *what);

/* complain and library, for the module's table. */
extern const luaL_Reg cb_argument_functions[];

#endif
