/*
** The module colua.signals, see lsignals.c.
*/
#ifndef COLUA_LSIGNALS_H
#define COLUA_LSIGNALS_H

#include <lua.h>

int luaopen_colua_signals(lua_State *L);

#endif
