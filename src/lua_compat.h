/*
** Functions of Lua 5.4 that the binding and the sandbox call, for Lua 5.3. A
** file that calls one includes this after lua.h and lauxlib.h.
*/
#ifndef LUA_COMPAT_H
#define LUA_COMPAT_H

#if LUA_VERSION_NUM < 504
/* No userdata here has more than one user value. */
#define lua_newuserdatauv(L, size, values) lua_newuserdata(L, size)
#define lua_setiuservalue(L, idx, n) lua_setuservalue(L, idx)
#define lua_getiuservalue(L, idx, n) lua_getuservalue(L, idx)
#define luaL_pushfail(L) lua_pushnil(L)
/* Its __gc, which does the same, comes later. */
#define lua_toclose(L, idx) ((void)(idx))
#endif

#endif
