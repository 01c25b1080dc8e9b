/*
** colua --sandbox: the embedded server as the default client's target.
*/
#ifndef COLUA_LSANDBOX_H
#define COLUA_LSANDBOX_H

#include <lua.h>

/* Starts the server, with its database in `file`, or in memory if NULL; if a
   process serves `file` already, joins that. Sets this process's environment to
   the server's address and token. The server lives as long as the state and all
   processes that joined it. Raises if it cannot start. */
void cl_sandbox_start(lua_State *L, const char *file);

#endif
