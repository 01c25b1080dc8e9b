/*
** colua --sandbox: the embedded server as the default client's target.
*/
#ifndef COLUA_LSANDBOX_H
#define COLUA_LSANDBOX_H

#include <lua.h>

/* Starts the server, with its database in `file`, or in memory if NULL; joins
   another process that serves that file. Sets this process's environment to its
   address and token. It lives as long as the state and all that joined it.
   Raises if it cannot start. */
void cl_sandbox_start(lua_State *L, const char *file);

#endif
