/*
** The JSON reader: one pass, straight into Lua values. Grammar of RFC 8259
** and nothing more; integers exact or refused.
*/
#include <lauxlib.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "binding/ljson.h"

enum { NUMBER_MAX = 200, EXCERPT = 24 };

typedef struct reader {
  lua_State *L;
  const char *start, *at;  /* the text ends with NUL: no bound to check */
  const char *why;         /* what is wrong, once something is */
  int depth;
  int mark;                /* stack index of the array mark */
} reader;

static bool read_value(reader *r);


static bool fail(reader *r, const char *why) {
  r->why = why;
  return false;
}


static void skip_space(reader *r) {
  while (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r')
    r->at++;
}


static bool accept(reader *r, char c) {
  skip_space(r);
  if (*r->at != c) return false;
  r->at++;
  return true;
}


/* Strings ---------------------------------------------------------------- */

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}


/* Four hexadecimal digits, or -1. */
static int32_t read_unit(reader *r) {
  int32_t unit = 0;
  for (int i = 0; i < 4; i++) {
    int digit = hex_digit(*r->at);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
    r->at++;
  }
  return unit;
}


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


static bool read_unicode(reader *r, luaL_Buffer *b) {
  int32_t unit = read_unit(r);
  if (unit < 0) return fail(r, "four hexadecimal digits must follow \\u");
  if (unit >= 0xD800 && unit < 0xDC00) {
    bool pair = r->at[0] == '\\' && r->at[1] == 'u';
    if (pair) r->at += 2;
    int32_t low = pair ? read_unit(r) : -1;
    if (low < 0xDC00 || low > 0xDFFF) return fail(r, "half a surrogate pair");
    unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  } else if (unit >= 0xDC00 && unit < 0xE000) {
    return fail(r, "half a surrogate pair");
  }
  add_utf8(b, (uint32_t)unit);
  return true;
}


static bool read_escape(reader *r, luaL_Buffer *b) {
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  char c = *r->at++;
  if (c == 'u') return read_unicode(r, b);
  const char *place = c == '\0' ? NULL : strchr(from, c);
  if (place == NULL) return fail(r, "an unknown escape in a string");
  luaL_addchar(b, to[place - from]);
  return true;
}


/* Past the bytes that stand for themselves. */
static const char *plain_end(const char *at) {
  while ((unsigned char)*at >= 0x20 && *at != '"' && *at != '\\') at++;
  return at;
}


static bool read_escaped(reader *r) {
  luaL_Buffer b;
  luaL_buffinit(r->L, &b);
  for (;;) {
    const char *end = plain_end(r->at);
    luaL_addlstring(&b, r->at, (size_t)(end - r->at));
    r->at = end;
    if (*end == '"') break;
    if (*end != '\\') return fail(r, "a string without an end, or with a "
                                  "control character");
    r->at++;
    if (!read_escape(r, &b)) return false;
  }
  r->at++;
  luaL_pushresult(&b);
  return true;
}


static bool read_string(reader *r) {
  const char *end = plain_end(++r->at);
  if (*end != '"') return read_escaped(r);
  lua_pushlstring(r->L, r->at, (size_t)(end - r->at));
  r->at = end + 1;
  return true;
}


/* Numbers ---------------------------------------------------------------- */

static const char *digits_end(const char *at) {
  while (*at >= '0' && *at <= '9') at++;
  return at;
}


static bool push_integer(reader *r, const char *at, const char *end) {
  bool negative = *at == '-';
  uint64_t limit = (uint64_t)INT64_MAX + negative, n = 0;
  for (at += negative; at < end; at++) {
    uint64_t digit = (uint64_t)(*at - '0');
    if (n > (limit - digit) / 10)
      return fail(r, "an integer beyond 64 bits");
    n = n * 10 + digit;
  }
  if (negative && n == 0) lua_pushnumber(r->L, -0.0);
  else lua_pushinteger(r->L, (lua_Integer)(negative ? 0 - n : n));
  return true;
}


/* Some locales have more than a byte for the point; the host's has no say. */
static double to_double(const char *text) {
  locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  double n = strtod_l(text, NULL, plain);
  freelocale(plain);
  return n;
}


static bool push_float(reader *r, const char *at, const char *end) {
  char text[NUMBER_MAX + 1];
  size_t length = (size_t)(end - at);
  if (length > NUMBER_MAX) return fail(r, "a number of too many digits");
  memcpy(text, at, length);
  text[length] = '\0';
  double n = to_double(text);
  if (!isfinite(n)) return fail(r, "a number beyond all floats");
  lua_pushnumber(r->L, n);
  return true;
}


static bool read_number(reader *r) {
  const char *start = r->at, *at = start + (*start == '-'), *end;
  end = digits_end(at);
  if (end == at) return fail(r, "a value is missing or unknown");
  if (*at == '0' && end > at + 1) return fail(r, "a number that starts with 0");
  const char *whole = end;
  if (*end == '.') {
    at = end + 1;
    if ((end = digits_end(at)) == at) return fail(r, "no digit after a point");
  }
  if (*end == 'e' || *end == 'E') {
    at = end + 1;
    at += *at == '+' || *at == '-';
    if ((end = digits_end(at)) == at) return fail(r, "no digit in an exponent");
  }
  r->at = end;
  return end == whole ? push_integer(r, start, end) : push_float(r, start, end);
}


/* Lists and objects ------------------------------------------------------ */

static bool enter(reader *r) {
  if (++r->depth > JSON_DEPTH) return fail(r, "nested more than 64 deep");
  luaL_checkstack(r->L, 8, "JSON");
  r->at++;
  return true;
}


/* null has no place in a table but in a list, which must stay one. */
static bool read_list(reader *r) {
  if (!enter(r)) return false;
  lua_newtable(r->L);
  lua_pushvalue(r->L, r->mark);
  lua_setmetatable(r->L, -2);
  if (!accept(r, ']')) {
    lua_Integer n = 0;
    do {
      if (!read_value(r)) return false;
      lua_rawseti(r->L, -2, ++n);
    } while (accept(r, ','));
    if (!accept(r, ']')) return fail(r, "a comma or ] is missing");
  }
  r->depth--;
  return true;
}


static bool read_member(reader *r) {
  skip_space(r);
  if (*r->at != '"') return fail(r, "a key must be a string");
  if (!read_string(r)) return false;
  if (!accept(r, ':')) return fail(r, "a colon is missing");
  if (!read_value(r)) return false;
  if (lua_islightuserdata(r->L, -1)) {
    lua_pop(r->L, 1);
    lua_pushnil(r->L);
  }
  lua_rawset(r->L, -3);
  return true;
}


static bool read_object(reader *r) {
  if (!enter(r)) return false;
  lua_createtable(r->L, 0, 10);
  if (!accept(r, '}')) {
    do {
      if (!read_member(r)) return false;
    } while (accept(r, ','));
    if (!accept(r, '}')) return fail(r, "a comma or } is missing");
  }
  r->depth--;
  return true;
}


static bool read_word(reader *r, const char *word) {
  size_t length = strlen(word);
  if (strncmp(r->at, word, length) != 0)
    return fail(r, "a value is missing or unknown");
  r->at += length;
  return true;
}


static bool read_value(reader *r) {
  skip_space(r);
  switch (*r->at) {
    case '{': return read_object(r);
    case '[': return read_list(r);
    case '"': return read_string(r);
    case 't': lua_pushboolean(r->L, 1); return read_word(r, "true");
    case 'f': lua_pushboolean(r->L, 0); return read_word(r, "false");
    case 'n': lua_pushlightuserdata(r->L, NULL); return read_word(r, "null");
    default: return read_number(r);
  }
}


bool json_read(lua_State *L, const char *bytes, size_t length) {
  int top = lua_gettop(L);
  json_push_array_mark(L);
  reader r = {.L = L, .start = bytes, .at = bytes, .mark = top + 1};
  bool good = read_value(&r);
  if (good) skip_space(&r);
  if (good && r.at != bytes + length)
    good = fail(&r, "more text after the value");
  if (good) {
    lua_replace(L, top + 1);
    return true;
  }
  lua_settop(L, top);
  lua_pushfstring(L, "%s (byte %I)", r.why, (lua_Integer)(r.at - bytes) + 1);
  return false;
}
