/*
** Masks secrets in strings on the Lua stack. Called by lcore.c and largument.c.
*/
#ifndef LMASK_H
#define LMASK_H

#include <lauxlib.h>
#include <lua.h>

/* Pushes the string at idx (absolute) with its secrets masked. */
void cb_mask_push(lua_State *L, int idx);

/* Pushes the string at idx masked, as a message of one line: control characters
** and bytes that are not UTF-8 are written as Lua escapes ("\n", "\027"). */
void cb_mask_push_line(lua_State *L, int idx);

/* For the module's table. */
extern const luaL_Reg cb_mask_functions[];

#endif
