/*
** Writes texts and numbers for the JSON writer, and raises its errors. Texts
** are strings on the stack. lua_tolstring is called for strings only: it would
** change a number in place.
*/
#include "binding/json/ljson_emit.h"

#include <lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binding/largument.h"
#include "core/text/json.h"
#include "core/text/utf8.h"


/* Errors ----------------------------------------------------------------- */

static void add_step(luaL_Buffer *b, const cb_place *at) {
  char index[32];
  if (at->up == NULL) return;
  add_step(b, at->up);
  snprintf(index, sizeof index, "[%lld]", (long long)at->index);
  if (at->name == NULL) luaL_addstring(b, index);
  else if (at->up->up != NULL) luaL_addchar(b, '.');
  if (at->name != NULL) luaL_addstring(b, at->name);
}


int cb_json_refuse(cb_writer *w, const cb_place *at, const char *problem) {
  luaL_Buffer b;
  luaL_buffinit(w->L, &b);
  add_step(&b, at);
  luaL_pushresult(&b);
  return cb_argument_refuse(w->L, w->what, lua_tostring(w->L, -1), problem);
}


void cb_json_expect(cb_writer *w, int idx, int type, const cb_place *at,
                    const char *expected) {
  if (lua_type(w->L, idx) == type) return;
  cb_json_refuse(w, at, lua_pushfstring(w->L, "%s expected, got %s", expected,
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


/* The first byte that must be escaped, or the end of the text. */
static const char *escape_at(const char *at, const char *end) {
  const char *stop = co_json_plain_end(at, end);
  const char *delete = memchr(at, 0x7F, (size_t)(stop - at));
  return delete != NULL ? delete : stop;
}


void cb_json_write_text(cb_writer *w, const char *text, size_t length,
                        const cb_place *at) {
  const char *end = text + length, *stop;
  size_t fault = co_utf8_fault(text, length);
  if (fault != 0)
    cb_json_refuse(w, at, lua_pushfstring(w->L, "not valid UTF-8 at byte %I",
                                          (lua_Integer)fault));
  co_buffer_add_byte(w->out, '"');
  while ((stop = escape_at(text, end)) != end) {
    co_buffer_add(w->out, text, (size_t)(stop - text));
    add_escaped(w->out, (unsigned char)*stop);
    text = stop + 1;
  }
  co_buffer_add(w->out, text, (size_t)(end - text));
  co_buffer_add_byte(w->out, '"');
}


void cb_json_write_string(cb_writer *w, int idx, const cb_place *at) {
  size_t length;
  const char *text = lua_tolstring(w->L, idx, &length);
  cb_json_write_text(w, text, length, at);
}


/* Numbers ---------------------------------------------------------------- */

/* Adds a number written by snprintf, with a point. The locale may have written
** a comma, or two bytes, in its place. */
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


static void write_float(cb_writer *w, lua_Number n, const cb_place *at) {
  char text[40];
  if (!isfinite(n)) cb_json_refuse(w, at, "not a JSON number (not finite)");
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, n);
    if (strtod(text, NULL) == n) break;
  }
  add_with_point(w->out, text);
}


void cb_json_write_number(cb_writer *w, int idx, const cb_place *at) {
  char text[24];
  if (!lua_isinteger(w->L, idx)) {
    write_float(w, lua_tonumber(w->L, idx), at);
    return;
  }
  snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(w->L, idx));
  co_buffer_add_text(w->out, text);
}
