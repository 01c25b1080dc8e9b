/*
** Lua values of an answer, or the facts of a failure. Called by ltransfer.c.
*/
#ifndef LANSWER_H
#define LANSWER_H

#include <lua.h>

#include "core/transfer.h"

/* Pushes the result of a done transfer: its value; or nil and a table of facts
** about its failure. Returns the number of values. The transfer must not have
** been released from its engine yet. `fields`: stack index of a set of the
** fields wanted of assets; 0: all. */
int cb_answer_push(lua_State *L, co_transfer *transfer, int fields);

#endif
