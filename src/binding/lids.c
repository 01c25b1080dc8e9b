/*
** "codeocean.seen": the ids of a page and of the one before. No more are
** remembered, so that memory does not grow with a listing.
*/
#include "binding/lids.h"

#include "core/idset.h"

static const char *const type_name = "codeocean.seen";

typedef struct seen {
  co_idset before, now;
} seen;


/* seen() -> an object that has seen nothing. */
static int ids_seen(lua_State *L) {
  seen *s = lua_newuserdatauv(L, sizeof *s, 0);
  co_idset_init(&s->before);
  co_idset_init(&s->now);
  luaL_setmetatable(L, type_name);
  return 1;
}


static int seen__gc(lua_State *L) {
  seen *s = luaL_checkudata(L, 1, type_name);
  co_idset_free(&s->before);
  co_idset_free(&s->now);
  return 0;
}


static void turn(seen *s) {
  co_idset now = s->before;
  s->before = s->now;
  s->now = now;
  co_idset_clear(&s->now);
}


/* Whether it is new. */
static bool note(lua_State *L, seen *s, const char *id, size_t length) {
  if (co_idset_has(&s->now, id, length)) return false;
  if (!co_idset_add(&s->now, id, length)) luaL_error(L, "not enough memory");
  return !co_idset_has(&s->before, id, length);
}


/* Of the row at the top, whose id is under the key at `key`. */
static bool is_new(lua_State *L, seen *s, int key) {
  size_t length;
  lua_pushvalue(L, key);
  lua_rawget(L, -2);
  const char *id = lua_tolstring(L, -1, &length);
  if (id == NULL) luaL_error(L, "a row without an id");
  lua_pop(L, 1);
  return note(L, s, id, length);
}


/* The list at `list` by one of its first elements. */
static void replace_by_first(lua_State *L, int list, lua_Integer count) {
  lua_createtable(L, (int)count, 0);
  for (lua_Integer i = 1; i <= count; i++) {
    lua_rawgeti(L, list, i);
    lua_rawseti(L, -2, i);
  }
  lua_replace(L, list);
}


/* seen:fresh(rows) -> those that neither the rows of the call before nor
** earlier ones of these have the id of: `rows` itself if that is all. */
static int seen_fresh(lua_State *L) {
  enum { SEEN = 1, ROWS, FRESH, KEY };
  seen *s = luaL_checkudata(L, SEEN, type_name);
  luaL_checktype(L, ROWS, LUA_TTABLE);
  lua_settop(L, ROWS);
  lua_pushvalue(L, ROWS);
  lua_pushliteral(L, "id");
  lua_Integer all = (lua_Integer)lua_rawlen(L, ROWS), count = 0;
  turn(s);
  for (lua_Integer i = 1; i <= all; i++) {
    lua_rawgeti(L, ROWS, i);
    bool new = is_new(L, s, KEY), apart = count < i - 1;
    if (!new && !apart) replace_by_first(L, FRESH, count);
    if (new) count++;
    if (new && apart) lua_rawseti(L, FRESH, count);
    else lua_pop(L, 1);
  }
  lua_settop(L, FRESH);
  return 1;
}


static const luaL_Reg methods[] = {
  {"fresh", seen_fresh},
  {NULL, NULL}
};

const luaL_Reg ids_functions[] = {
  {"seen", ids_seen},
  {NULL, NULL}
};


void ids_open(lua_State *L) {
  luaL_newmetatable(L, type_name);
  lua_pushcfunction(L, seen__gc);
  lua_setfield(L, -2, "__gc");
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}
