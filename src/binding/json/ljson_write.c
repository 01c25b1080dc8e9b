/*
** The JSON writer: writes keys in a fixed order, tells lists from objects, and
** names the path of a value that it refuses.
**
** The tables belong to the user. At each lua_getfield and each allocation their
** __index and finalizers may change them, or any other table. So the keys are
** pushed before anything is counted or allocated, pointers into strings are
** used only while the strings are on the stack, and a value that has been
** removed meanwhile is refused as nil.
*/
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "binding/json/ljson.h"
#include "binding/json/ljson_emit.h"
#include "binding/json/ljson_mark.h"
#include "core/text/secret.h"
#include "lua_compat.h"

typedef struct key {
  const char *text;
  size_t length;
  int slot;             /* stack index of the string */
  const co_param *row;  /* or NULL */
} key;

enum { FEW = 12 };      /* keys of an object that are sorted on the C stack */

static void write_any(cb_writer *w, int idx, const cb_place *at);
static void write_object(cb_writer *w, int idx, const cb_place *at,
                         const co_param *rows, bool open);


/* Lists ------------------------------------------------------------------ */

/* The number of elements of a list; raises for a table with a hole or with
** other keys. */
static lua_Integer list_length(cb_writer *w, int idx, const cb_place *at) {
  lua_State *L = w->L;
  lua_Integer count = 0, last = 0;
  for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) {
    lua_Integer i = lua_isinteger(L, -2) ? lua_tointeger(L, -2) : 0;
    if (i < 1)
      cb_json_refuse(w, at, "a list expected, but it has other keys too");
    if (i > last) last = i;
    count++;
  }
  if (count == last) return count;
  for (lua_Integer i = 1; i <= last; i++)
    if (lua_rawgeti(L, idx, i) == LUA_TNIL)
      cb_json_refuse(w, at,
                     lua_pushfstring(L, "a list with a hole at [%I]", i));
    else
      lua_pop(L, 1);
  return count;
}


/* Writes an element as the row says: a string, or a table with rows of its own;
** any value if there is no row. */
static void write_element(cb_writer *w, const cb_place *at,
                          const co_param *row) {
  int idx = lua_gettop(w->L);
  if (row != NULL && row->type == CO_TEXTS)
    cb_json_expect(w, idx, LUA_TSTRING, at, "string");
  if (row != NULL && row->type == CO_ITEMS) {
    cb_json_expect(w, idx, LUA_TTABLE, at, "table");
    write_object(w, idx, at, row->fields, (row->flags & CO_OPEN) != 0);
  } else {
    write_any(w, idx, at);
  }
}


static void write_list(cb_writer *w, int idx, const cb_place *at,
                       const co_param *row) {
  lua_Integer n = list_length(w, idx, at);
  co_buffer_add_byte(w->out, '[');
  for (lua_Integer i = 1; i <= n; i++) {
    cb_place here = {at, NULL, i, at->depth + 1};
    if (i > 1) co_buffer_add_byte(w->out, ',');
    lua_rawgeti(w->L, idx, i);
    write_element(w, &here, row);
    lua_pop(w->L, 1);
  }
  co_buffer_add_byte(w->out, ']');
}


/* Whether a table is to be written as a list. */
static bool is_list(cb_writer *w, int idx, const cb_place *at) {
  lua_State *L = w->L;
  bool first = lua_rawgeti(L, idx, 1) != LUA_TNIL;
  lua_pop(L, 1);
  if (first || cb_json_has_array_mark(L, idx)) return true;
  if (w->list_depth == 0 || at->depth < w->list_depth) return false;
  lua_pushnil(L);
  if (lua_next(L, idx) == 0) return true;
  lua_pop(L, 2);
  return false;
}


/* Objects ---------------------------------------------------------------- */

/* Orders keys by the place of their rows; keys without a row come last. */
static int compare_keys(const void *left, const void *right) {
  const key *a = left, *b = right;
  if (a->row != NULL && b->row != NULL) return a->row < b->row ? -1 : 1;
  if (a->row != NULL || b->row != NULL) return a->row != NULL ? -1 : 1;
  size_t common = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->text, b->text, common);
  return order != 0 ? order : a->length < b->length ? -1 : 1;
}


static void refuse_unknown(cb_writer *w, const cb_place *at,
                           const char *name, const co_param *rows,
                           const co_param *nearest) {
  lua_State *L = w->L;
  cb_place here = {at, name, 0, at->depth + 1};
  if (nearest != NULL)
    cb_json_refuse(w, &here,
                   lua_pushfstring(L, "no such field; did you mean '%s'?",
                                   nearest->name));
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  luaL_addstring(&b, "no such field; there are ");
  for (const co_param *row = rows; row->name != NULL; row++) {
    if (row != rows) luaL_addstring(&b, ", ");
    luaL_addstring(&b, row->name);
  }
  luaL_pushresult(&b);
  cb_json_refuse(w, &here, lua_tostring(L, -1));
}


/* Pushes the table's keys and returns their number. Neither lua_next nor
** luaL_checkstack runs a metamethod or a finalizer. */
static int push_keys(lua_State *L, int idx) {
  int top = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, idx); lua_copy(L, -2, -1))
    luaL_checkstack(L, 8, "too many keys in an object");
  return lua_gettop(L) - top;
}


/* The row of the key at idx; NULL if it has none and needs none. */
static const co_param *check_key(cb_writer *w, int idx, const cb_place *at,
                                 const co_param *rows, bool open) {
  size_t length;
  if (lua_type(w->L, idx) != LUA_TSTRING)
    cb_json_refuse(w, at, "keys of an object must be strings");
  const char *text = lua_tolstring(w->L, idx, &length);
  if (rows == NULL) return NULL;
  const co_param *row = strlen(text) == length ? co_param_find(rows, text)
                                               : NULL;
  const co_param *nearest = row ? NULL : co_param_nearest(rows, text);
  if (row == NULL && (nearest != NULL || !open))
    refuse_unknown(w, at, text, rows, nearest);
  return row;
}


/* Checks the keys at the top. Returns whether some have no row. */
static bool check_keys(cb_writer *w, int count, const cb_place *at,
                       const co_param *rows, bool open) {
  int top = lua_gettop(w->L);
  bool others = false;
  for (int idx = top - count + 1; idx <= top; idx++)
    if (check_key(w, idx, at, rows, open) == NULL) others = true;
  return others;
}


/* Fills in the <count> keys that are at `first` and above, sorted. They refer
** to the strings on the stack, so a change of the table does not matter. */
static void sort_keys(lua_State *L, key *keys, int first, int count,
                      const co_param *rows) {
  for (int i = 0; i < count; i++) {
    key *k = &keys[i];
    k->slot = first + i;
    k->text = lua_tolstring(L, k->slot, &k->length);
    bool plain = strlen(k->text) == k->length;
    k->row = rows && plain ? co_param_find(rows, k->text) : NULL;
  }
  qsort(keys, (size_t)count, sizeof *keys, compare_keys);
}


static void add_secret(cb_writer *w, int idx) {
  size_t length;
  const char *text = lua_tolstring(w->L, idx, &length);
  if (w->secrets != NULL) co_secret_add(w->secrets, text, length);
}


static bool is_choice(lua_State *L, int idx, const char *choices) {
  size_t length;
  const char *text = lua_tolstring(L, idx, &length);
  return strlen(text) == length && co_choice_valid(choices, text);
}


/* Writes custom metadata, where an empty table in a field is a list: a field
** holds a value or a list of values, no object. */
static void write_metadata(cb_writer *w, int idx, const cb_place *at) {
  w->list_depth = at->depth + 1;
  write_any(w, idx, at);
  w->list_depth = 0;
}


static void write_row(cb_writer *w, int idx, const cb_place *at,
                      const co_param *row) {
  static const struct { int type; const char *expected; } rows[] = {
    [CO_TEXT] = {LUA_TSTRING, "string"},
    [CO_FLAG] = {LUA_TBOOLEAN, "boolean"},
    [CO_INTEGER] = {LUA_TNUMBER, "integer"},
    [CO_TEXTS] = {LUA_TTABLE, "list of strings"},
    [CO_FIELDS] = {LUA_TTABLE, "table"},
    [CO_ITEMS] = {LUA_TTABLE, "list of tables"},
    [CO_LIST] = {LUA_TTABLE, "list"}
  };
  if (row->type != CO_VALUE && row->type != CO_METADATA)
    cb_json_expect(w, idx, rows[row->type].type, at, rows[row->type].expected);
  if (row->type == CO_INTEGER &&
      (!lua_isinteger(w->L, idx) || lua_tointeger(w->L, idx) < 0))
    cb_json_refuse(w, at, "integer of 0 or more expected");
  if (row->flags & CO_SECRET) add_secret(w, idx);
  if (row->choices && !is_choice(w->L, idx, row->choices))
    cb_json_refuse(w, at, lua_pushfstring(w->L, "one of %s expected",
                                          row->choices));
  if (row->type == CO_TEXTS || row->type == CO_ITEMS || row->type == CO_LIST)
    write_list(w, idx, at, row);
  else if (row->type == CO_FIELDS)
    write_object(w, idx, at, row->fields, (row->flags & CO_OPEN) != 0);
  else if (row->type == CO_METADATA) write_metadata(w, idx, at);
  else write_any(w, idx, at);
}


static void write_member(cb_writer *w, int idx, const cb_place *at,
                         const key *k) {
  cb_place here = {at, k->text, 0, at->depth + 1};
  cb_json_write_text(w, k->text, k->length, &here);
  co_buffer_add_byte(w->out, ':');
  lua_pushvalue(w->L, k->slot);
  lua_rawget(w->L, idx);
  if (k->row != NULL) write_row(w, lua_gettop(w->L), &here, k->row);
  else write_any(w, lua_gettop(w->L), &here);
  lua_pop(w->L, 1);
}


/* Writes the table's members sorted; its `count` keys are at the top. Many are
** sorted in a userdata. */
static void write_sorted(cb_writer *w, int idx, const cb_place *at,
                         const co_param *rows, int count) {
  key few[FEW], *keys = few;
  int first = lua_gettop(w->L) - count + 1;
  if (count > FEW)
    keys = lua_newuserdatauv(w->L, (size_t)count * sizeof *keys, 0);
  sort_keys(w->L, keys, first, count, rows);
  for (int i = 0; i < count; i++) {
    if (i > 0) co_buffer_add_byte(w->out, ',');
    write_member(w, idx, at, &keys[i]);
  }
}


static void require_all(cb_writer *w, int idx, const cb_place *at,
                        const co_param *rows) {
  for (; rows != NULL && rows->name != NULL; rows++) {
    cb_place here = {at, rows->name, 0, at->depth + 1};
    if (!(rows->flags & CO_REQUIRED)) continue;
    if (lua_getfield(w->L, idx, rows->name) == LUA_TNIL)
      cb_json_refuse(w, &here, "required, but missing");
    lua_pop(w->L, 1);
  }
}


/* Writes the members in the order of the rows; there are no other keys. */
static void write_rows(cb_writer *w, int idx, const cb_place *at,
                       const co_param *rows) {
  const char *comma = "";
  for (const co_param *row = rows; row->name != NULL; row++) {
    cb_place here = {at, row->name, 0, at->depth + 1};
    if (lua_getfield(w->L, idx, row->name) != LUA_TNIL) {
      co_buffer_add_text(w->out, comma);
      cb_json_write_text(w, row->name, strlen(row->name), &here);
      co_buffer_add_byte(w->out, ':');
      write_row(w, lua_gettop(w->L), &here, row);
      comma = ",";
    }
    lua_pop(w->L, 1);
  }
}


static void write_object(cb_writer *w, int idx, const cb_place *at,
                         const co_param *rows, bool open) {
  int top = lua_gettop(w->L);
  int count = push_keys(w->L, idx);
  bool others = check_keys(w, count, at, rows, open);
  require_all(w, idx, at, rows);    /* after the check of misspelt names */
  co_buffer_add_byte(w->out, '{');
  if (others || rows == NULL) write_sorted(w, idx, at, rows, count);
  else write_rows(w, idx, at, rows);
  co_buffer_add_byte(w->out, '}');
  lua_settop(w->L, top);
}


/* Writes a number beyond Lua's range with the digits that were read. */
static void write_digits(cb_writer *w, const char *digits, size_t length,
                         const cb_place *at) {
  co_json text = {.at = digits, .end = digits + length};
  bool ignored;
  if (!co_json_number(&text, &ignored) || text.at != text.end)
    cb_json_refuse(w, at, "a number with invalid digits");
  co_buffer_add(w->out, digits, length);
}


static void write_table(cb_writer *w, int idx, const cb_place *at) {
  size_t length;
  const char *digits = cb_json_number_digits(w->L, idx, &length);
  if (digits != NULL) {
    write_digits(w, digits, length, at);
    return;
  }
  if (at->depth >= CB_JSON_DEPTH)
    cb_json_refuse(w, at, "nested more than 64 deep");
  luaL_checkstack(w->L, 12, "JSON");
  if (is_list(w, idx, at)) write_list(w, idx, at, NULL);
  else write_object(w, idx, at, NULL, true);
}


/* Writes lua-cjson's light userdata: NULL for null, another for []. */
static void write_mark(cb_writer *w, int idx, const cb_place *at) {
  lua_State *L = w->L;
  lua_getfield(L, LUA_REGISTRYINDEX, "codeocean.empty_array");
  bool empty = lua_rawequal(L, -1, idx);
  lua_pop(L, 1);
  if (empty) co_buffer_add_text(w->out, "[]");
  else if (lua_touserdata(L, idx) == NULL) co_buffer_add_text(w->out, "null");
  else cb_json_refuse(w, at, "a userdata has no JSON form");
}


static void write_any(cb_writer *w, int idx, const cb_place *at) {
  switch (lua_type(w->L, idx)) {
    case LUA_TSTRING: cb_json_write_string(w, idx, at); break;
    case LUA_TNUMBER: cb_json_write_number(w, idx, at); break;
    case LUA_TTABLE: write_table(w, idx, at); break;
    case LUA_TLIGHTUSERDATA: write_mark(w, idx, at); break;
    case LUA_TBOOLEAN:
      co_buffer_add_text(w->out, lua_toboolean(w->L, idx) ? "true" : "false");
      break;
    default:
      cb_json_refuse(w, at, lua_pushfstring(w->L, "a %s has no JSON form",
                                       luaL_typename(w->L, idx)));
  }
}


void cb_json_write(cb_writer *w, int idx, const co_param *rows, bool open) {
  cb_place root = {NULL, NULL, 0, 0};
  idx = lua_absindex(w->L, idx);
  luaL_checkstack(w->L, 12, "JSON");
  if (rows != NULL) write_object(w, idx, &root, rows, open);
  else write_any(w, idx, &root);
}
