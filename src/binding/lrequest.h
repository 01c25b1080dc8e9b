#ifndef LREQUEST_H
#define LREQUEST_H

#include <lua.h>

#include "core/transfer.h"

/* How many calls above the C function the user's own call stands: user ->
** public method -> client's request -> submit. Errors are placed there. */
enum { USER_LEVEL = 3 };

/*
** Builds the transfer's request from the id at `id` and the table at
** `params` (nil where the operation has none), checked against its row.
** Raises a bad argument.
*/
void request_build(lua_State *L, co_transfer *transfer, const char *base,
                   int id, int params);

#endif
