/*
** A transfer as a Lua object, "codeocean.transfer". Called by lcore.c and
** lengine.c.
*/
#ifndef LTRANSFER_H
#define LTRANSFER_H

#include <lua.h>

#include "core/transfer.h"

/* Pushes an empty box for a transfer, which is freed with the box. */
co_transfer **cb_transfer_push_box(lua_State *L);

void cb_transfer_open(lua_State *L);

#endif
