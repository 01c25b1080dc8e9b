/*
** The JSON writer: keys in a fixed order, lists told from objects, every
** refusal named by its path.
*/
#include <lauxlib.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binding/lblame.h"
#include "binding/ljson.h"
#include "core/secret.h"
#include "core/utf8.h"

enum { PATH_MAX_TEXT = 200 };

/* Where in the value the writer is, for messages. */
typedef struct step {
  const struct step *up;
  const char *name;   /* or NULL: an element of a list */
  lua_Integer index;
  int depth;
} step;

typedef struct key {
  const char *text;
  size_t length;
  const co_param *row;  /* or NULL */
} key;

static void write_any(json_writer *w, int idx, const step *at);
static void write_object(json_writer *w, int idx, const step *at,
                         const co_param *rows, bool open);


/* Complaints ------------------------------------------------------------- */

static void add_step(luaL_Buffer *b, const step *at) {
  char index[32];
  if (at->up == NULL) return;
  add_step(b, at->up);
  snprintf(index, sizeof index, "[%lld]", (long long)at->index);
  if (at->name == NULL) luaL_addstring(b, index);
  else if (at->up->up != NULL) luaL_addchar(b, '.');
  if (at->name != NULL) luaL_addstring(b, at->name);
}


static int refuse(json_writer *w, const step *at, const char *problem) {
  luaL_Buffer b;
  luaL_buffinit(w->L, &b);
  add_step(&b, at);
  luaL_pushresult(&b);
  return blame_raise(w->L, w->what, lua_tostring(w->L, -1), problem);
}


static void expect(json_writer *w, int idx, int type, const step *at,
                   const char *expected) {
  if (lua_type(w->L, idx) == type) return;
  refuse(w, at, lua_pushfstring(w->L, "%s expected, got %s", expected,
                                luaL_typename(w->L, idx)));
}


/* Texts ------------------------------------------------------------------ */

static void add_escaped(co_buffer *out, unsigned char c) {
  static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
  char text[8];
  const char *place = c == '\0' ? NULL : strchr(from, c);
  if (place != NULL) snprintf(text, sizeof text, "\\%c", to[place - from]);
  else snprintf(text, sizeof text, "\\u%04x", (unsigned)c);
  co_buffer_add_text(out, text);
}


static bool must_escape(unsigned char c) {
  return c < 0x20 || c == '"' || c == '\\' || c == 0x7F;
}


static void write_text(json_writer *w, const char *text, size_t length,
                       const step *at) {
  size_t fault = co_utf8_fault(text, length), from = 0;
  if (fault != 0)
    refuse(w, at, lua_pushfstring(w->L, "not valid UTF-8 at byte %I",
                                  (lua_Integer)fault));
  co_buffer_add_byte(w->out, '"');
  for (size_t i = 0; i < length; i++) {
    if (!must_escape((unsigned char)text[i])) continue;
    co_buffer_add(w->out, text + from, i - from);
    add_escaped(w->out, (unsigned char)text[i]);
    from = i + 1;
  }
  co_buffer_add(w->out, text + from, length - from);
  co_buffer_add_byte(w->out, '"');
}


static void write_string(json_writer *w, int idx, const step *at) {
  size_t length;
  const char *text = lua_tolstring(w->L, idx, &length);
  write_text(w, text, length, at);
}


/* Numbers ---------------------------------------------------------------- */

/* The locale may write a comma, or two bytes, for the point. */
static void add_with_point(co_buffer *out, const char *text) {
  bool whole = true;
  for (; *text != '\0'; text++) {
    bool plain = strchr("0123456789+-e", *text) != NULL;
    if (!plain && ((unsigned char)*text & 0xC0) == 0x80) continue;
    co_buffer_add_byte(out, plain ? *text : '.');
    whole = whole && plain && *text != 'e';
  }
  if (whole) co_buffer_add_text(out, ".0");
}


static void write_float(json_writer *w, lua_Number n, const step *at) {
  char text[40];
  if (!isfinite(n)) refuse(w, at, "no JSON number (not finite)");
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, n);
    if (strtod(text, NULL) == n) break;
  }
  add_with_point(w->out, text);
}


static void write_number(json_writer *w, int idx, const step *at) {
  char text[24];
  if (!lua_isinteger(w->L, idx)) {
    write_float(w, lua_tonumber(w->L, idx), at);
    return;
  }
  snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(w->L, idx));
  co_buffer_add_text(w->out, text);
}


/* Lists ------------------------------------------------------------------ */

static bool has_array_mark(lua_State *L, int idx) {
  if (!lua_getmetatable(L, idx)) return false;
  json_push_array_mark(L);
  bool marked = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return marked;
}


/* Number of elements of a table that is a list throughout; raises for one
** with a hole or with other keys. */
static lua_Integer list_length(json_writer *w, int idx, const step *at) {
  lua_State *L = w->L;
  lua_Integer count = 0, last = 0;
  for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) {
    lua_Integer i = lua_isinteger(L, -2) ? lua_tointeger(L, -2) : 0;
    if (i < 1) refuse(w, at, "a list expected, but it has other keys too");
    if (i > last) last = i;
    count++;
  }
  if (count == last) return count;
  for (lua_Integer i = 1; i <= last; i++)
    if (lua_rawgeti(L, idx, i) == LUA_TNIL)
      refuse(w, at, lua_pushfstring(L, "a list with a hole at [%I]", i));
    else
      lua_pop(L, 1);
  return count;
}


/* Elements as the row has them: strings, tables with rows; any without. */
static void write_element(json_writer *w, const step *at,
                          const co_param *row) {
  int idx = lua_gettop(w->L);
  if (row != NULL && row->type == CO_TEXTS)
    expect(w, idx, LUA_TSTRING, at, "string");
  if (row != NULL && row->type == CO_ITEMS) {
    expect(w, idx, LUA_TTABLE, at, "table");
    write_object(w, idx, at, row->fields, false);
  } else {
    write_any(w, idx, at);
  }
}


static void write_list(json_writer *w, int idx, const step *at,
                       const co_param *row) {
  lua_Integer n = list_length(w, idx, at);
  co_buffer_add_byte(w->out, '[');
  for (lua_Integer i = 1; i <= n; i++) {
    step here = {at, NULL, i, at->depth + 1};
    if (i > 1) co_buffer_add_byte(w->out, ',');
    lua_rawgeti(w->L, idx, i);
    write_element(w, &here, row);
    lua_pop(w->L, 1);
  }
  co_buffer_add_byte(w->out, ']');
}


/* Objects ---------------------------------------------------------------- */

/* Rows of one list compare by place, keys without a row come last. */
static int compare_keys(const void *left, const void *right) {
  const key *a = left, *b = right;
  if (a->row != NULL && b->row != NULL) return a->row < b->row ? -1 : 1;
  if (a->row != NULL || b->row != NULL) return a->row != NULL ? -1 : 1;
  size_t common = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->text, b->text, common);
  return order != 0 ? order : a->length < b->length ? -1 : 1;
}


static void refuse_unknown(json_writer *w, const step *at, const char *name,
                           const co_param *rows, const co_param *nearest) {
  lua_State *L = w->L;
  step here = {at, name, 0, at->depth + 1};
  if (nearest != NULL)
    refuse(w, &here, lua_pushfstring(L, "no such field; did you mean '%s'?",
                                     nearest->name));
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  luaL_addstring(&b, "no such field; there are ");
  for (const co_param *row = rows; row->name != NULL; row++) {
    if (row != rows) luaL_addstring(&b, ", ");
    luaL_addstring(&b, row->name);
  }
  luaL_pushresult(&b);
  refuse(w, &here, lua_tostring(L, -1));
}


/* Reads the key at the top of the stack but one. */
static key take_key(json_writer *w, const step *at, const co_param *rows,
                    bool open) {
  key k = {NULL, 0, NULL};
  if (lua_type(w->L, -2) != LUA_TSTRING)
    refuse(w, at, "keys of an object must be strings");
  k.text = lua_tolstring(w->L, -2, &k.length);
  if (rows == NULL) return k;
  if (strlen(k.text) == k.length) k.row = co_param_find(rows, k.text);
  const co_param *nearest = k.row ? NULL : co_param_nearest(rows, k.text);
  if (k.row == NULL && (nearest != NULL || !open))
    refuse_unknown(w, at, k.text, rows, nearest);
  return k;
}


/* Pushes a userdata with the sorted keys; they live as long as the table
** at idx holds them. */
static key *collect_keys(json_writer *w, int idx, const step *at,
                         const co_param *rows, bool open, size_t *count) {
  lua_State *L = w->L;
  size_t n = 0, i = 0;
  for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) n++;
  key *keys = lua_newuserdatauv(L, (n + 1) * sizeof *keys, 0);
  for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1))
    keys[i++] = take_key(w, at, rows, open);
  qsort(keys, n, sizeof *keys, compare_keys);
  *count = n;
  return keys;
}


static void require_all(json_writer *w, int idx, const step *at,
                        const co_param *rows) {
  for (; rows != NULL && rows->name != NULL; rows++) {
    step here = {at, rows->name, 0, at->depth + 1};
    if (!(rows->flags & CO_REQUIRED)) continue;
    if (lua_getfield(w->L, idx, rows->name) == LUA_TNIL)
      refuse(w, &here, "required, but missing");
    lua_pop(w->L, 1);
  }
}


static void note_secret(json_writer *w, int idx) {
  size_t length;
  const char *text = lua_tolstring(w->L, idx, &length);
  if (w->secrets != NULL) co_secret_add(w->secrets, text, length);
}


static void write_row(json_writer *w, int idx, const step *at,
                      const co_param *row) {
  static const struct { int type; const char *expected; } rows[] = {
    [CO_TEXT] = {LUA_TSTRING, "string"},
    [CO_FLAG] = {LUA_TBOOLEAN, "boolean"},
    [CO_INTEGER] = {LUA_TNUMBER, "integer"},
    [CO_TEXTS] = {LUA_TTABLE, "list of strings"},
    [CO_FIELDS] = {LUA_TTABLE, "table"},
    [CO_ITEMS] = {LUA_TTABLE, "list of tables"}
  };
  if (row->type != CO_VALUE)
    expect(w, idx, rows[row->type].type, at, rows[row->type].expected);
  if (row->type == CO_INTEGER &&
      (!lua_isinteger(w->L, idx) || lua_tointeger(w->L, idx) < 0))
    refuse(w, at, "integer of 0 or more expected");
  if (row->flags & CO_SECRET) note_secret(w, idx);
  if (row->choices && !co_choice_valid(row->choices, lua_tostring(w->L, idx)))
    refuse(w, at, lua_pushfstring(w->L, "one of %s expected", row->choices));
  if (row->type == CO_TEXTS || row->type == CO_ITEMS)
    write_list(w, idx, at, row);
  else if (row->type == CO_FIELDS) write_object(w, idx, at, row->fields, false);
  else write_any(w, idx, at);
}


static void write_member(json_writer *w, int idx, const step *at,
                         const key *k) {
  step here = {at, k->text, 0, at->depth + 1};
  write_text(w, k->text, k->length, &here);
  co_buffer_add_byte(w->out, ':');
  lua_pushlstring(w->L, k->text, k->length);
  lua_rawget(w->L, idx);
  if (k->row != NULL) write_row(w, lua_gettop(w->L), &here, k->row);
  else write_any(w, lua_gettop(w->L), &here);
  lua_pop(w->L, 1);
}


static void write_object(json_writer *w, int idx, const step *at,
                         const co_param *rows, bool open) {
  size_t count;
  require_all(w, idx, at, rows);
  key *keys = collect_keys(w, idx, at, rows, open, &count);
  co_buffer_add_byte(w->out, '{');
  for (size_t i = 0; i < count; i++) {
    if (i > 0) co_buffer_add_byte(w->out, ',');
    write_member(w, idx, at, &keys[i]);
  }
  co_buffer_add_byte(w->out, '}');
  lua_pop(w->L, 1);
}


static void write_table(json_writer *w, int idx, const step *at) {
  if (at->depth >= JSON_DEPTH) refuse(w, at, "nested more than 64 deep");
  luaL_checkstack(w->L, 12, "JSON");
  bool list = lua_rawgeti(w->L, idx, 1) != LUA_TNIL;
  lua_pop(w->L, 1);
  if (list || has_array_mark(w->L, idx)) write_list(w, idx, at, NULL);
  else write_object(w, idx, at, NULL, true);
}


/* lua-cjson's marks: NULL for null, and an address of its own for []. */
static void write_mark(json_writer *w, int idx, const step *at) {
  lua_State *L = w->L;
  lua_getfield(L, LUA_REGISTRYINDEX, "codeocean.empty_array");
  bool empty = lua_rawequal(L, -1, idx);
  lua_pop(L, 1);
  if (empty) co_buffer_add_text(w->out, "[]");
  else if (lua_touserdata(L, idx) == NULL) co_buffer_add_text(w->out, "null");
  else refuse(w, at, "a userdata has no JSON form");
}


static void write_any(json_writer *w, int idx, const step *at) {
  switch (lua_type(w->L, idx)) {
    case LUA_TSTRING: write_string(w, idx, at); break;
    case LUA_TNUMBER: write_number(w, idx, at); break;
    case LUA_TTABLE: write_table(w, idx, at); break;
    case LUA_TLIGHTUSERDATA: write_mark(w, idx, at); break;
    case LUA_TBOOLEAN:
      co_buffer_add_text(w->out, lua_toboolean(w->L, idx) ? "true" : "false");
      break;
    default:
      refuse(w, at, lua_pushfstring(w->L, "a %s has no JSON form",
                                    luaL_typename(w->L, idx)));
  }
}


void json_write(json_writer *w, int idx, const co_param *rows, bool open) {
  step root = {NULL, NULL, 0, 0};
  idx = lua_absindex(w->L, idx);
  luaL_checkstack(w->L, 12, "JSON");
  if (rows != NULL) write_object(w, idx, &root, rows, open);
  else write_any(w, idx, &root);
}
