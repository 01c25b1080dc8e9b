#ifndef LANSWER_H
#define LANSWER_H

#include <lua.h>

#include "core/transfer.h"

/* Pushes what a finished transfer brought: its value; or nil and a table of
** facts about its failure. Returns how many. The transfer has not been taken
** from its engine yet, unless none ever had it. `fields`: stack index of a set
** of the fields wanted of assets; 0: all. */
int cb_answer_push(lua_State *L, co_transfer *transfer, int fields);

#endif
