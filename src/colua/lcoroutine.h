/*
** coroutine.resume and coroutine.wrap that tell linterrupt.c which thread
** runs.
*/
#ifndef COLUA_LCOROUTINE_H
#define COLUA_LCOROUTINE_H

#include <lua.h>

/* Puts both into the table `coroutine`. May raise (memory). */
void cl_coroutine_install(lua_State *L);

#endif
