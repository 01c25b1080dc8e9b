#ifndef LASSET_H
#define LASSET_H

#include <lua.h>

/* Gives the asset at the top of the stack its one form: snake_case, short
** lower-case enums, integers, tags a list. What it does not know stays. */
void asset_canonize(lua_State *L);

#endif
