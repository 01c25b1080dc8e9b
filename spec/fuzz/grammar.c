/*
** The JSON reader against a second grammar: the strict one below, of RFC 8259,
** which shares no code with it. Both accept the same texts, and read the same
** values; both refuse an object in which a key occurs twice. So does the reader
** of a long text, which keeps keys and words. The scanner that skips a value
** compares no keys.
**
** A value is compared as a text: strings in hexadecimal, floats as %a, the
** members of an object by key.
*/
#include "state.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>

#include "core/text/buffer.h"
#include "core/text/json.h"

enum { DEPTH = 64, MEMBERS = 512, FLOAT_MAX = 200, TEXT_MAX = 1 << 22 };

static const char chunk[] =
  "local json = require 'codeocean.json'\n"
  "local list = getmetatable(json.array {})\n"
  "local function hex(text)\n"
  "  local function digits(c) return ('%02x'):format(c:byte()) end\n"
  "  return (text:gsub('.', digits))\n"
  "end\n"
  "local dump\n"
  "local function members(value)\n"
  "  local parts = {}\n"
  "  for key, item in pairs(value) do\n"
  "    parts[#parts + 1] = hex(key) .. ':' .. dump(item)\n"
  "  end\n"
  "  table.sort(parts)\n"
  "  return '{' .. table.concat(parts, ',') .. '}'\n"
  "end\n"
  "function dump(value)\n"
  "  if value == json.null then return 'null' end\n"
  "  if type(value) == 'string' then return '\"' .. hex(value) end\n"
  "  local form = ({ integer = '%d', float = '%a' })[math.type(value)]\n"
  "  if form then return form:format(value) end\n"
  "  if type(value) ~= 'table' then return tostring(value) end\n"
  "  local mark = getmetatable(value)\n"
  "  if mark == 'codeocean.number' then return 'n' .. tostring(value) end\n"
  "  if mark ~= list then return members(value) end\n"
  "  local parts = {}\n"
  "  for i, item in ipairs(value) do parts[i] = dump(item) end\n"
  "  return '[' .. table.concat(parts, ',') .. ']'\n"
  "end\n"
  "local room = (' '):rep(1024)\n"
  "local function check(text, nulls, expected)\n"
  "  local value, why = json.decode(text, nulls)\n"
  "  local found = value ~= nil and dump(value) or nil\n"
  "  if found ~= expected then\n"
  "    error(('%q: %s, expected %s'):format(text, found or why,\n"
  "      expected or 'none'))\n"
  "  end\n"
  "end\n"
  "return function(text, whole, bare, depth)\n"
  "  check(text, true, whole)\n"
  "  check(text .. room, true, whole)\n"
  "  check(text, false, bare)\n"
  "  if not whole or depth == 64 then return end\n"
  "  check('[' .. text .. ',' .. text .. ']' .. room, true,\n"
  "    '[' .. whole .. ',' .. whole .. ']')\n"
  "end";


/* The second grammar ----------------------------------------------------- */

/* `nulls`: members that are null are shown. `twice`: a key stood twice. */
typedef struct grammar {
  const unsigned char *at, *end;
  int depth, deepest;
  bool nulls, twice;
} grammar;

/* A member of an object, as texts of its own: "6162:" and the value. */
typedef struct member {
  char *key, *value;
} member;

static bool value(grammar *g, co_buffer *out);


static void show(co_buffer *out, const char *format, ...) {
  char text[64];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  MUST(length >= 0 && (size_t)length < sizeof text);
  MUST(co_buffer_add(out, text, (size_t)length));
}


static int next(const grammar *g) { return g->at < g->end ? *g->at : -1; }


static bool accept(grammar *g, int c) {
  if (next(g) != c) return false;
  g->at++;
  return true;
}


static void blanks(grammar *g) {
  while (accept(g, ' ') || accept(g, '\t') || accept(g, '\n') ||
         accept(g, '\r'));
}


static bool word(grammar *g, const char *letters) {
  for (; *letters != '\0'; letters++)
    if (!accept(g, *letters)) return false;
  return true;
}


static bool hex4(grammar *g, unsigned *unit) {
  *unit = 0;
  for (int i = 0; i < 4; i++) {
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    int c = next(g);
    const char *place = c <= 0 ? NULL : strchr(digits, c);
    if (place == NULL) return false;
    *unit = *unit << 4 | (unsigned)(place - digits) % 16;
    g->at++;
  }
  return true;
}


static void show_character(co_buffer *out, unsigned c) {
  if (c < 0x80) show(out, "%02x", c);
  else if (c < 0x800) show(out, "%02x%02x", 0xC0 | c >> 6, 0x80 | (c & 63));
  else if (c < 0x10000) show(out, "%02x%02x%02x", 0xE0 | c >> 12,
                             0x80 | (c >> 6 & 63), 0x80 | (c & 63));
  else show(out, "%02x%02x%02x%02x", 0xF0 | c >> 18, 0x80 | (c >> 12 & 63),
            0x80 | (c >> 6 & 63), 0x80 | (c & 63));
}


static bool unicode(grammar *g, co_buffer *out) {
  unsigned high, low;
  if (!hex4(g, &high)) return false;
  if (high < 0xD800 || high > 0xDFFF) {
    show_character(out, high);
    return true;
  }
  if (high > 0xDBFF || !accept(g, '\\') || !accept(g, 'u') || !hex4(g, &low) ||
      low < 0xDC00 || low > 0xDFFF) return false;
  show_character(out, 0x10000 + (high - 0xD800) * 0x400 + (low - 0xDC00));
  return true;
}


static bool escape(grammar *g, co_buffer *out) {
  if (accept(g, 'u')) return unicode(g, out);
  if (accept(g, 'n')) show(out, "0a");
  else if (accept(g, 't')) show(out, "09");
  else if (accept(g, 'r')) show(out, "0d");
  else if (accept(g, 'b')) show(out, "08");
  else if (accept(g, 'f')) show(out, "0c");
  else if (accept(g, '"')) show(out, "22");
  else if (accept(g, '/')) show(out, "2f");
  else if (accept(g, '\\')) show(out, "5c");
  else return false;
  return true;
}


/* The bytes of a string in hexadecimal. */
static bool string(grammar *g, co_buffer *out) {
  if (!accept(g, '"')) return false;
  while (!accept(g, '"')) {
    if (next(g) < 0x20) return false;
    if (accept(g, '\\')) {
      if (!escape(g, out)) return false;
    } else {
      show(out, "%02x", *g->at++);
    }
  }
  return true;
}


static bool digits(grammar *g) {
  const unsigned char *from = g->at;
  while (next(g) >= '0' && next(g) <= '9') g->at++;
  return g->at > from;
}


static void show_number(co_buffer *out, char *text, bool whole) {
  errno = 0;
  long long integer = strtoll(text, NULL, 10);
  double number = strtod(text, NULL);
  bool fits = whole ? errno == 0
                    : isfinite(number) && strlen(text) <= FLOAT_MAX;
  if (!fits) {
    show(out, "n");
    co_buffer_add(out, text, strlen(text));
  } else if (whole && strcmp(text, "-0") != 0) {
    show(out, "%lld", integer);
  } else {
    show(out, "%a", number);
  }
}


static bool number(grammar *g, co_buffer *out) {
  const unsigned char *from = g->at;
  bool whole = true;
  accept(g, '-');
  if (!accept(g, '0') && !digits(g)) return false;
  if (accept(g, '.')) {
    whole = false;
    if (!digits(g)) return false;
  }
  if (accept(g, 'e') || accept(g, 'E')) {
    whole = false;
    if (!accept(g, '+')) accept(g, '-');
    if (!digits(g)) return false;
  }
  char *text = fuzz_text(from, (size_t)(g->at - from));
  show_number(out, text, whole);
  free(text);
  return true;
}


static bool list(grammar *g, co_buffer *out) {
  bool good = true;
  show(out, "[");
  blanks(g);
  if (!accept(g, ']')) {
    while ((good = value(g, out)) && accept(g, ',')) show(out, ",");
    good = good && accept(g, ']');
  }
  show(out, "]");
  return good;
}


static char *text_of(co_buffer *buffer) {
  char *text = fuzz_text((const uint8_t *)buffer->bytes, buffer->length);
  co_buffer_free(buffer);
  return text;
}


/* A member, in place of an earlier one of its key. */
static bool read_member(grammar *g, member *members, size_t *count) {
  co_buffer key, content;
  co_buffer_init(&key, TEXT_MAX);
  co_buffer_init(&content, TEXT_MAX);
  blanks(g);
  bool good = string(g, &key);
  show(&key, ":");
  blanks(g);
  good = good && accept(g, ':') && value(g, &content);
  member read = {text_of(&key), text_of(&content)};
  size_t i = 0;
  while (i < *count && strcmp(members[i].key, read.key) != 0) i++;
  MUST(i < MEMBERS);
  if (i < *count) {
    g->twice = true;
    free(members[i].key);
    free(members[i].value);
  } else {
    ++*count;
  }
  members[i] = read;
  return good;
}


static int by_key(const void *a, const void *b) {
  return strcmp(((const member *)a)->key, ((const member *)b)->key);
}


static void show_members(const grammar *g, co_buffer *out, member *members,
                         size_t count) {
  bool first = true;
  qsort(members, count, sizeof *members, by_key);
  for (size_t i = 0; i < count; i++) {
    if (!g->nulls && strcmp(members[i].value, "null") == 0) continue;
    if (!first) show(out, ",");
    co_buffer_add(out, members[i].key, strlen(members[i].key));
    co_buffer_add(out, members[i].value, strlen(members[i].value));
    first = false;
  }
}


static bool object(grammar *g, co_buffer *out) {
  member *members = calloc(MEMBERS, sizeof *members);
  size_t count = 0;
  bool good = true;
  MUST(members != NULL);
  blanks(g);
  if (!accept(g, '}')) {
    while ((good = read_member(g, members, &count)) && accept(g, ','));
    good = good && accept(g, '}');
  }
  show(out, "{");
  show_members(g, out, members, count);
  show(out, "}");
  for (size_t i = 0; i < count; i++) {
    free(members[i].key);
    free(members[i].value);
  }
  free(members);
  return good;
}


static bool nested(grammar *g, co_buffer *out) {
  if (++g->depth > DEPTH) return false;
  if (g->depth > g->deepest) g->deepest = g->depth;
  bool good = accept(g, '[') ? list(g, out) : accept(g, '{') && object(g, out);
  g->depth--;
  return good;
}


static bool bare(grammar *g, co_buffer *out) {
  const char *said = next(g) == 't' ? "true" : next(g) == 'f' ? "false"
                     : "null";
  show(out, "%s", said);
  return word(g, said);
}


static bool value(grammar *g, co_buffer *out) {
  bool good;
  blanks(g);
  switch (next(g)) {
    case '[': case '{': good = nested(g, out); break;
    case '"': show(out, "\""); good = string(g, out); break;
    case 't': case 'f': case 'n': good = bare(g, out); break;
    default: good = number(g, out); break;
  }
  blanks(g);
  return good;
}


/* Pushes the value as a text, or nil where the text is not JSON or a key occurs
** twice; returns whether it is JSON. */
static bool push_value(lua_State *L, const uint8_t *bytes, size_t length,
                       bool nulls, int *deepest) {
  co_buffer out;
  grammar g = {.at = bytes, .end = bytes + length, .nulls = nulls};
  co_buffer_init(&out, TEXT_MAX);
  bool good = value(&g, &out) && g.at == g.end;
  *deepest = g.deepest;
  if (good && !g.twice) lua_pushlstring(L, out.bytes, out.length);
  else lua_pushnil(L);
  co_buffer_free(&out);
  return good;
}


/* What is skipped is checked for the same grammar. */
static bool skips(const uint8_t *bytes, size_t length) {
  char *copy = fuzz_text(bytes, length);
  co_json text = {.at = copy, .end = copy + length};
  bool good = co_json_skip(&text);
  if (good) co_json_space(&text);
  good = good && text.at == text.end;
  free(copy);
  return good;
}


int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  lua_State *L = fuzz_state(chunk);
  int deepest;
  lua_settop(L, 1);
  lua_pushvalue(L, 1);
  lua_pushlstring(L, (const char *)bytes, length);
  bool good = push_value(L, bytes, length, true, &deepest);
  push_value(L, bytes, length, false, &deepest);
  lua_pushinteger(L, deepest);
  MUST(skips(bytes, length) == good);
  if (lua_pcall(L, 4, 0, 0) == LUA_OK) return 0;
  fprintf(stderr, "%s\n", luaL_tolstring(L, -1, NULL));
  abort();
}
