/*
** Metatables of the binding's userdata. getmetatable does not return them, so a
** program can neither call __gc nor change a method for all objects. The debug
** library can; that is the program's own risk.
*/
#ifndef LTYPE_H
#define LTYPE_H

#include <lauxlib.h>
#include <lua.h>

/* Registers the metatable `name`, once for each state: `close` becomes __gc and
** __close, `methods` (NULL: none) become __index. The first upvalue of each is
** the metatable, for cb_type_check. */
void cb_type_open(lua_State *L, const char *name, lua_CFunction close,
                  const luaL_Reg *methods);

/* luaL_checkudata for the functions that cb_type_open has registered, which
** need not look up their metatable by its name. */
void *cb_type_check(lua_State *L, int idx, const char *name);

#endif
