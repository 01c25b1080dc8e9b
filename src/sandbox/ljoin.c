/*
** The function join of the module codeocean.sandbox, for a sandbox's file that
** another process serves. The object has that server's address and keeps it
** running.
**
** Pointers kept across calls that can run Lua: none; the claim is stored in a
** userdata that was made before.
*/
#include "sandbox/lsandbox.h"
#include "lua_compat.h"

#include <stdio.h>

#define JOINED "codeocean.sandbox.joined"

typedef struct joined {
  sb_claim *claim;   /* NULL once left */
} joined;


static int joined_stop(lua_State *L) {
  joined *box = luaL_checkudata(L, 1, JOINED);
  sb_claim *claim = box->claim;
  box->claim = NULL;
  sb_claim_leave(claim);
  return 0;
}


/* Waits for the seconds in argument 2 or a signal. Returns whether the server
** still runs. */
static int joined_wait(lua_State *L) {
  joined *box = luaL_checkudata(L, 1, JOINED);
  if (box->claim) sb_wait(L);
  lua_pushboolean(L, box->claim && sb_claim_is_served(box->claim));
  return 1;
}


/* Reads a field from the user value. */
static int joined__index(lua_State *L) {
  luaL_checkudata(L, 1, JOINED);
  if (lua_getiuservalue(L, 1, 1) != LUA_TTABLE) return 0;
  lua_pushvalue(L, 2);
  lua_rawget(L, -2);
  return 1;
}


static void push_fields(lua_State *L, const sb_address *address) {
  lua_createtable(L, 0, 5);
  lua_pushstring(L, address->url);
  lua_setfield(L, -2, "url");
  lua_pushstring(L, address->token);
  lua_setfield(L, -2, "token");
  lua_pushstring(L, address->estate);
  lua_setfield(L, -2, "estate");
  lua_pushcfunction(L, joined_stop);
  lua_setfield(L, -2, "stop");
  lua_pushcfunction(L, joined_wait);
  lua_setfield(L, -2, "wait");
}


static bool join(joined *box, const char *path, sb_address *address,
                 char *message, size_t size) {
  sb_text error;
  sb_text_init(&error, size - 1);
  box->claim = sb_claim_join(path, address, &error);
  snprintf(message, size, "%s: %s", path,
           error.bytes ? error.bytes : "out of memory");
  sb_text_free(&error);
  return box->claim != NULL;
}


/* join(path) -> the server of that file, or nil, message. */
int sb_join(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  sb_address address;
  char message[512];
  joined *box = lua_newuserdatauv(L, sizeof *box, 1);
  box->claim = NULL;
  luaL_setmetatable(L, JOINED);
  if (!join(box, path, &address, message, sizeof message)) {
    luaL_pushfail(L);
    lua_pushstring(L, message);
    return 2;
  }
  push_fields(L, &address);
  lua_setiuservalue(L, -2, 1);
  return 1;
}


void sb_join_open(lua_State *L) {
  static const luaL_Reg metamethods[] = {
    {"__gc", joined_stop}, {"__close", joined_stop}, {"__index", joined__index},
    {NULL, NULL}
  };
  if (luaL_newmetatable(L, JOINED)) {
    luaL_setfuncs(L, metamethods, 0);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
  }
  lua_pop(L, 1);
}
