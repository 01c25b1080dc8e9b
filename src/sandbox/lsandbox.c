/*
** The module codeocean.sandbox: start, and the object that it returns. Data
** from the server's thread are copied; no callback of the server runs Lua.
**
** Pointers kept across calls that can run Lua: a metamethod or a finalizer may
** stop the sandbox. So a method reads its arguments and makes what it needs
** first, then gets the server, and uses it across no allocation. The texts in a
** config are on the stack until the server has copied them.
*/
#include "sandbox/lsandbox.h"
#include "lua_compat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SANDBOX "codeocean.sandbox"
#define ENTRIES "codeocean.sandbox.entries"

typedef struct sandbox {
  sb_server *server;   /* NULL once stopped */
} sandbox;

/* Entries of the log while they are copied into a table. */
typedef struct entries {
  sb_entry **list;
  size_t count;
} entries;


static sb_server *check_server(lua_State *L) {
  sandbox *box = luaL_checkudata(L, 1, SANDBOX);
  luaL_argcheck(L, box->server, 1, "the sandbox is stopped");
  return box->server;
}


/* Pushes the table of the object's fields, which becomes its user value. Copies
** the texts first, since making the table may run a finalizer. */
static void push_fields(lua_State *L, const sb_server *server) {
  int port = (int)sb_server_port(server);
  char token[sizeof ((sb_address *)0)->token], estate[SB_ESTATE_SIZE];
  snprintf(token, sizeof token, "%s", sb_server_token(server));
  snprintf(estate, sizeof estate, "%s", sb_server_estate(server));
  lua_createtable(L, 0, 4);
  lua_pushfstring(L, "http://127.0.0.1:%d", port);
  lua_setfield(L, -2, "url");
  lua_pushinteger(L, port);
  lua_setfield(L, -2, "port");
  lua_pushstring(L, token);
  lua_setfield(L, -2, "token");
  lua_pushstring(L, estate);
  lua_setfield(L, -2, "estate");
}


static bool start_server(sandbox *box, const sb_config *config, char *message,
                         size_t size) {
  sb_text error;
  sb_text_init(&error, size - 1);
  box->server = sb_server_start(config, &error);
  snprintf(message, size, "%s", error.bytes ? error.bytes : "out of memory");
  sb_text_free(&error);
  return box->server != NULL;
}


static int sandbox_start(lua_State *L) {
  sb_config config;
  char buffer[512];
  lua_settop(L, 1);
  if (lua_isnil(L, 1)) {
    lua_settop(L, 0);
    lua_newtable(L);
  }
  sb_options_read(L, 1, &config);
  sandbox *box = lua_newuserdatauv(L, sizeof *box, 1);
  box->server = NULL;
  luaL_setmetatable(L, SANDBOX);
  if (!start_server(box, &config, buffer, sizeof buffer)) {
    luaL_pushfail(L);
    lua_pushstring(L, buffer);
    return 2;
  }
  push_fields(L, box->server);
  lua_setiuservalue(L, -2, 1);
  return 1;
}


static int sandbox_stop(lua_State *L) {
  sandbox *box = luaL_checkudata(L, 1, SANDBOX);
  sb_server *server = box->server;
  box->server = NULL;
  sb_server_stop(server);
  return 0;
}


static int sandbox_tostring(lua_State *L) {
  sandbox *box = luaL_checkudata(L, 1, SANDBOX);
  if (box->server)
    lua_pushfstring(L, "sandbox (http://127.0.0.1:%d)",
                    (int)sb_server_port(box->server));
  else
    lua_pushliteral(L, "sandbox (stopped)");
  return 1;
}


static void set_text(lua_State *L, const char *name, const char *text) {
  lua_pushstring(L, text);
  lua_setfield(L, -2, name);
}


static void set_integer(lua_State *L, const char *name, uint64_t value) {
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, name);
}


static void push_headers(lua_State *L, const sb_entry *entry) {
  const char *at = entry->headers.bytes;
  const char *end = at ? at + entry->headers.length : NULL;
  lua_newtable(L);
  while (at < end) {
    const char *value = at + strlen(at) + 1;
    set_text(L, at, value);
    at = value + strlen(value) + 1;
  }
}


static void push_entry(lua_State *L, sb_entry *entry) {
  int status = atomic_load(&entry->status);
  lua_createtable(L, 0, 10);
  set_text(L, "method", entry->method);
  set_text(L, "path", entry->path);
  set_text(L, "query", entry->query);
  set_text(L, "operation", entry->operation);
  set_text(L, "fault", entry->fault);
  push_headers(L, entry);
  lua_setfield(L, -2, "headers");
  lua_pushlstring(L, entry->body.length ? entry->body.bytes : "",
                  entry->body.length);
  lua_setfield(L, -2, "body");
  if (status) set_integer(L, "status", (uint64_t)status);
  lua_pushnumber(L, entry->at);
  lua_setfield(L, -2, "at");
  set_integer(L, "connection", entry->connection);
}


static int entries__gc(lua_State *L) {
  entries *box = luaL_checkudata(L, 1, ENTRIES);
  for (size_t i = 0; i < box->count; i++) sb_entry_drop(box->list[i]);
  free(box->list);
  *box = (entries){0};
  return 0;
}


/* Keeps the entries in a userdata, so that an error frees them. */
static int sandbox_requests(lua_State *L) {
  entries *box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = (entries){0};
  luaL_setmetatable(L, ENTRIES);
  lua_toclose(L, -1);
  size_t count;
  box->list = sb_log_copy(sb_server_log(check_server(L)), &count);
  if (!box->list && count) return luaL_error(L, "not enough memory");
  box->count = count;
  lua_createtable(L, (int)count, 0);
  for (size_t i = 0; i < count; i++) {
    push_entry(L, box->list[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}


static int sandbox_clear(lua_State *L) {
  sb_server_clear(check_server(L));
  return 0;
}


static int sandbox_fault(lua_State *L) {
  sb_fault fault;
  check_server(L);
  sb_fault_read(L, 2, &fault);
  if (!sb_faults_add(sb_server_faults(check_server(L)), &fault))
    return luaL_error(L, "not enough memory");
  return 0;
}


static int sandbox_stats(lua_State *L) {
  sb_stats stats = sb_server_stats(check_server(L));
  lua_createtable(L, 0, 5);
  set_integer(L, "requests", stats.requests);
  set_integer(L, "connections", stats.connections);
  set_integer(L, "open_connections", stats.open_connections);
  set_integer(L, "in_flight", stats.in_flight);
  set_integer(L, "max_in_flight", stats.max_in_flight);
  return 1;
}


static int sandbox_wait(lua_State *L) {
  sandbox *box = luaL_checkudata(L, 1, SANDBOX);
  if (box->server) sb_wait(L);
  lua_pushboolean(L, box->server != NULL);
  return 1;
}


/* Blocks until no other process has joined; after that none can. False if a
** signal came. */
static int sandbox_wait_alone(lua_State *L) {
  lua_pushboolean(L, sb_server_wait_alone(check_server(L)));
  return 1;
}


static int sandbox__index(lua_State *L) {
  luaL_checkudata(L, 1, SANDBOX);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  if (lua_getiuservalue(L, 1, 1) != LUA_TTABLE) return 0;
  lua_pushvalue(L, 2);
  lua_rawget(L, -2);
  return 1;
}


static const luaL_Reg methods[] = {
  {"requests", sandbox_requests},
  {"clear", sandbox_clear},
  {"fault", sandbox_fault},
  {"stats", sandbox_stats},
  {"wait", sandbox_wait},
  {"wait_alone", sandbox_wait_alone},
  {"stop", sandbox_stop},
  {NULL, NULL}
};

static const luaL_Reg metamethods[] = {
  {"__gc", sandbox_stop},
  {"__close", sandbox_stop},
  {"__tostring", sandbox_tostring},
  {NULL, NULL}
};

static const luaL_Reg entries_metamethods[] = {
  {"__gc", entries__gc},
  {"__close", entries__gc},
  {NULL, NULL}
};

static const luaL_Reg functions[] = {
  {"start", sandbox_start},
  {"join", sb_join},
  {"import", sb_import},
  {"imported", sb_imported},
  {NULL, NULL}
};


__attribute__((visibility("default")))
int luaopen_codeocean_sandbox(lua_State *L);

int luaopen_codeocean_sandbox(lua_State *L) {
  if (luaL_newmetatable(L, ENTRIES)) luaL_setfuncs(L, entries_metamethods, 0);
  if (luaL_newmetatable(L, SANDBOX)) {
    luaL_setfuncs(L, metamethods, 0);
    luaL_newlib(L, methods);
    lua_pushcclosure(L, sandbox__index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
  }
  sb_join_open(L);
  luaL_newlib(L, functions);
  return 1;
}
