#ifndef LMASK_H
#define LMASK_H

#include <lauxlib.h>
#include <lua.h>

/* Pushes the string at idx (absolute) without what may be secret in it. */
void cb_mask_push(lua_State *L, int idx);

/* The same, and whatever acts on a terminal, or is no UTF-8, written as Lua
** writes it ("\\n", "\\27"): for messages of one line. */
void cb_mask_push_line(lua_State *L, int idx);

/* For the module's table. */
extern const luaL_Reg cb_mask_functions[];

#endif
