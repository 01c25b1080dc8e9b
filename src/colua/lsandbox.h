/*
** colua --sandbox: the embedded server as the default client's target.
*/
#ifndef COLUA_LSANDBOX_H
#define COLUA_LSANDBOX_H

#include <lua.h>

/* Starts it, with its database in `file` or, if NULL, in memory; where another
   process serves that file, joins it. Points the environment of this process
   at it. Lives as long as the state, and as long as others have joined. Raises
   when it cannot start. */
void cl_sandbox_start(lua_State *L, const char *file);

#endif
