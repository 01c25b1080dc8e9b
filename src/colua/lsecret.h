/*
** The module colua.secret, see lsecret.c.
*/
#ifndef COLUA_LSECRET_H
#define COLUA_LSECRET_H

#include <lua.h>

int luaopen_colua_secret(lua_State *L);

#endif
