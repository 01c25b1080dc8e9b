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
** __close, `methods` (NULL: none) become __index. */
void cb_type_open(lua_State *L, const char *name, lua_CFunction close,
                  const luaL_Reg *methods);

#endif
