/*
** Makes Lua values of strings and numbers of a JSON text. The reader keeps the
** text alive whatever a finalizer does.
*/
#include "binding/json/ljson_scalar.h"

#include <lauxlib.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "binding/json/ljson_mark.h"
#include "core/text/utf8.h"

enum { NUMBER_MAX = 200 };


/* Strings ---------------------------------------------------------------- */

static void add_utf8(luaL_Buffer *b, uint32_t c) {
  if (c < 0x80) {
    luaL_addchar(b, (char)c);
    return;
  }
  int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  static const unsigned char heads[] = {0, 0xC0, 0xE0, 0xF0};
  luaL_addchar(b, (char)(heads[more] | c >> (6 * more)));
  while (more-- > 0) luaL_addchar(b, (char)(0x80 | (c >> (6 * more) & 0x3F)));
}


/* Adds the bytes, with U+FFFD for each that is not UTF-8. */
static void add_mended(luaL_Buffer *b, const char *bytes, size_t length) {
  for (size_t fault; (fault = co_utf8_fault(bytes, length)) != 0;) {
    luaL_addlstring(b, bytes, fault - 1);
    add_utf8(b, 0xFFFD);
    bytes += fault;
    length -= fault;
  }
  luaL_addlstring(b, bytes, length);
}


void cb_json_push_escaped(lua_State *L, const char *start,
                          const co_json *text) {
  const char *end = text->at - 1;
  co_json rest = {.at = start, .end = end, .lenient = true};
  uint32_t character = 0;
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (;;) {
    const char *at = rest.at, *stop = co_json_plain_end(at, end);
    if (text->utf8) add_mended(&b, at, (size_t)(stop - at));
    else luaL_addlstring(&b, at, (size_t)(stop - at));
    if (stop == end) break;
    rest.at = stop + 1;
    co_json_escape(&rest, &character);
    add_utf8(&b, character);
  }
  luaL_pushresult(&b);
}


/* Numbers ---------------------------------------------------------------- */

static bool push_digits(lua_State *L, const co_json *text, const char *at) {
  cb_json_push_number(L, at, (size_t)(text->at - at));
  return true;
}


static bool push_integer(lua_State *L, const co_json *text, const char *at) {
  const char *start = at, *end = text->at;
  enum { SURE = 18 };  /* digits that always fit */
  bool negative = *at == '-';
  uint64_t limit = (uint64_t)INT64_MAX + negative, n = 0;
  at += negative;
  const char *sure = end - at > SURE ? at + SURE : end;
  while (at < sure) n = n * 10 + (uint64_t)(*at++ - '0');
  for (; at < end; at++) {
    uint64_t digit = (uint64_t)(*at - '0');
    if (n > (limit - digit) / 10) return push_digits(L, text, start);
    n = n * 10 + digit;
  }
  if (negative && n == 0) lua_pushnumber(L, -0.0);
  else lua_pushinteger(L, (lua_Integer)(negative ? 0 - n : n));
  return true;
}


/* Converts digits with a point, whatever the host's locale has as a point (some
** have more than one byte). */
static double to_double(const char *text) {
  locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  double n = strtod_l(text, NULL, plain);
  freelocale(plain);
  return n;
}


static bool push_float(lua_State *L, const co_json *text, const char *at) {
  char digits[NUMBER_MAX + 1];
  size_t length = (size_t)(text->at - at);
  if (length > NUMBER_MAX) return push_digits(L, text, at);
  memcpy(digits, at, length);
  digits[length] = '\0';
  double n = to_double(digits);
  if (!isfinite(n)) return push_digits(L, text, at);
  lua_pushnumber(L, n);
  return true;
}


bool cb_json_read_number(lua_State *L, co_json *text) {
  bool whole;
  const char *start = text->at;
  if (!co_json_number(text, &whole)) return false;
  return whole ? push_integer(L, text, start) : push_float(L, text, start);
}
