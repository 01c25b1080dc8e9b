/*
** "codeocean.column": a value for each input of a bulk run, in few bytes. A
** table takes 16 bytes for a value, and up to twice that while it grows.
**
** Used by a journal's ledger and by the passes of a run. A column of words has
** a byte for each place, which says which word; a column of integers has eight.
** A place that was never set, or set to nil, is 0 and gives nil.
**
** The cells are a userdata of their own, so Lua's collector counts and frees
** them. No pointer to them is kept across a call that can run Lua.
*/
#include "binding/lcolumn.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lua_compat.h"

static const char *const type_name = "codeocean.column";

enum {
  PARTS = 1,         /* the user value: a table with the fields below */
  CELLS = 1, WORDS, CODES,
  WORDS_MAX = 255,
  ROOM_FIRST = 64,
  ROOM_MAX = INT32_MAX
};

typedef struct column {
  lua_Integer count;  /* the highest place that was ever set */
  lua_Integer room;   /* number of cells */
  size_t width;       /* bytes of a cell */
} column;


/* The methods have the metatable as their upvalue: its name need not be looked
** up. */
static column *check_column(lua_State *L) {
  bool is_column = lua_getmetatable(L, 1) &&
                   lua_rawequal(L, -1, lua_upvalueindex(1));
  if (!is_column) luaL_checkudata(L, 1, type_name);
  lua_pop(L, 1);
  return lua_touserdata(L, 1);
}


/* Pushes a part of the column at index 1. */
static void push_part(lua_State *L, int part) {
  lua_getiuservalue(L, 1, PARTS);
  lua_rawgeti(L, -1, part);
  lua_remove(L, -2);
}


static lua_Integer room_for(const column *self, lua_Integer place) {
  lua_Integer room = self->room < ROOM_FIRST ? ROOM_FIRST : self->room;
  while (room < place) room += room / 2;
  return room;
}


/* Makes room for that place. The allocation may run a finalizer that uses the
** column too, so the column's room is read again after it. */
static void grow(lua_State *L, column *self, lua_Integer place) {
  lua_Integer room = room_for(self, place);
  size_t size = (size_t)room * self->width;
  lua_getiuservalue(L, 1, PARTS);
  char *cells = lua_newuserdatauv(L, size, 0);
  if (room > self->room) {
    size_t used = (size_t)self->room * self->width;
    lua_rawgeti(L, -2, CELLS);
    if (used > 0) memcpy(cells, lua_touserdata(L, -1), used);
    memset(cells + used, 0, size - used);
    lua_pop(L, 1);
    lua_rawseti(L, -2, CELLS);
    self->room = room;
  }
  lua_settop(L, 3);
}


static void *cell(lua_State *L, const column *self, lua_Integer place) {
  push_part(L, CELLS);
  char *cells = lua_touserdata(L, -1);
  lua_pop(L, 1);    /* the column keeps it alive */
  return cells + (size_t)(place - 1) * self->width;
}


/* The cell of an integer: 0 and above are kept as one more, so that a cell of 0
** means that there is no value. */
static int64_t packed_integer(lua_State *L, int idx) {
  lua_Integer value = luaL_checkinteger(L, idx);
  luaL_argcheck(L, value < LUA_MAXINTEGER, idx, "too large");
  return value < 0 ? value : value + 1;
}


static uint8_t code_of(lua_State *L, int idx) {
  push_part(L, CODES);
  lua_pushvalue(L, idx);
  lua_rawget(L, -2);
  lua_Integer code = lua_tointeger(L, -1);
  lua_pop(L, 2);
  luaL_argcheck(L, code > 0, idx, "not a word of the column");
  return (uint8_t)code;
}


/* column[place]; nil for what is not a place */
static int column__index(lua_State *L) {
  const column *self = check_column(L);
  int is_integer;
  lua_Integer place = lua_tointegerx(L, 2, &is_integer);
  if (!is_integer || place < 1 || place > self->count) return 0;
  const void *at = cell(L, self, place);
  if (self->width == 1) {
    uint8_t code = *(const uint8_t *)at;
    if (code == 0) return 0;
    push_part(L, WORDS);
    lua_rawgeti(L, -1, code);
    return 1;
  }
  int64_t value;
  memcpy(&value, at, sizeof value);
  if (value == 0) return 0;
  lua_pushinteger(L, value < 0 ? value : value - 1);
  return 1;
}


/* column[place] = value */
static int column__newindex(lua_State *L) {
  column *self = check_column(L);
  lua_Integer place = luaL_checkinteger(L, 2);
  luaL_argcheck(L, place >= 1 && place <= ROOM_MAX, 2, "not a place");
  int64_t value = 0;
  uint8_t code = 0;
  if (!lua_isnil(L, 3) && self->width == 1) code = code_of(L, 3);
  else if (!lua_isnil(L, 3)) value = packed_integer(L, 3);
  if (place > self->room) grow(L, self, place);
  if (place > self->count) self->count = place;
  void *at = cell(L, self, place);
  if (self->width == 1) memcpy(at, &code, sizeof code);
  else memcpy(at, &value, sizeof value);
  return 0;
}


/* #column: the highest place that was ever set */
static int column__len(lua_State *L) {
  lua_pushinteger(L, check_column(L)->count);
  return 1;
}


/* Sets the words of the list at index 1, and which code each has, in the table
** of parts at the top. */
static void set_words(lua_State *L) {
  lua_Integer count = (lua_Integer)lua_rawlen(L, 1);
  luaL_argcheck(L, count >= 1 && count <= WORDS_MAX, 1, "1 to 255 words");
  lua_createtable(L, (int)count, 0);
  lua_createtable(L, 0, (int)count);
  for (lua_Integer i = 1; i <= count; i++) {
    luaL_argcheck(L, lua_rawgeti(L, 1, i) == LUA_TSTRING, 1, "not a word");
    lua_pushvalue(L, -1);
    lua_pushinteger(L, i);
    lua_rawset(L, -4);
    lua_rawseti(L, -3, i);
  }
  lua_rawseti(L, -3, CODES);
  lua_rawseti(L, -2, WORDS);
}


/* column([words]) -> a column of words of that list, of which it takes a copy;
** without one, a column of integers. column[i] gives the value at a place, nil
** if it has none; column[i] = value sets it; #column is the highest place set.
*/
int cb_column_new(lua_State *L) {
  bool has_words = !lua_isnoneornil(L, 1);
  if (has_words) luaL_checktype(L, 1, LUA_TTABLE);
  column *self = lua_newuserdatauv(L, sizeof *self, PARTS);
  *self = (column){.width = has_words ? 1 : sizeof(int64_t)};
  lua_newtable(L);
  if (has_words) set_words(L);
  lua_setiuservalue(L, -2, PARTS);
  luaL_setmetatable(L, type_name);
  return 1;
}


static const luaL_Reg methods[] = {
  {"__index",    column__index},
  {"__newindex", column__newindex},
  {"__len",      column__len},
  {NULL, NULL}
};


void cb_column_open(lua_State *L) {
  luaL_newmetatable(L, type_name);
  lua_pushvalue(L, -1);
  luaL_setfuncs(L, methods, 1);
  lua_pushstring(L, type_name);
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 1);
}
