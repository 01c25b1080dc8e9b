/*
** Builds requests from the arguments of a Lua call. Called by lengine.c.
*/
#ifndef LREQUEST_H
#define LREQUEST_H

#include <lua.h>

#include "core/transfer.h"

/*
** Builds the transfer's request from the id at `id` and the table at
** `params` (nil where the operation has none), checked against its row.
** Raises a bad argument. Runs metamethods of the table; `base` is not used
** after the first of them.
*/
void cb_request_build(lua_State *L, co_transfer *transfer, const char *base,
                      int id, int params);

#endif
