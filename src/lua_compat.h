/*
** Functions of Lua 5.4 that the binding and the sandbox call, for Lua 5.3, and
** what differs in Lua 5.5. A file that calls one includes this after lua.h and
** lauxlib.h.
*/
#ifndef LUA_COMPAT_H
#define LUA_COMPAT_H

#if LUA_VERSION_NUM < 504
/* No userdata here has more than one user value. */
#define lua_newuserdatauv(L, size, values) lua_newuserdata(L, size)
#define lua_setiuservalue(L, idx, n) lua_setuservalue(L, idx)
#define lua_getiuservalue(L, idx, n) lua_getuservalue(L, idx)
#define luaL_pushfail(L) lua_pushnil(L)
/* Lua 5.3 closes no slots: the userdata's __gc frees it, some time later. */
#define lua_toclose(L, idx) ((void)(idx))
#endif

/* Runs the collector as if `bytes` had been allocated. The first step adds
** `bytes` to the collector's debt and the second takes them off again, so its
** pace stays what the host has set. In Lua 5.5 a step takes bytes instead of
** KiB, and no step can take debt off. */
#if LUA_VERSION_NUM < 505
#define co_gc_ahead(L, bytes) \
  (lua_gc(L, LUA_GCSTEP, (int)((bytes) / 1024)), \
   lua_gc(L, LUA_GCSTEP, -(int)((bytes) / 1024)))
#else
#define co_gc_ahead(L, bytes) lua_gc(L, LUA_GCSTEP, (size_t)(bytes))
#endif

#endif
