/*
** Metatables of the binding's userdata. A program gets no metatable of theirs
** from getmetatable, so that it can neither call __gc nor change a method for
** everybody; the debug library, which can, is the program's own risk.
*/
#ifndef LTYPE_H
#define LTYPE_H

#include <lauxlib.h>
#include <lua.h>

/* Registers the metatable `name`, once for a state: `close` is __gc and
** __close, `methods` (NULL: none) is what __index finds. */
void cb_type_open(lua_State *L, const char *name, lua_CFunction close,
                  const luaL_Reg *methods);

#endif
