/*
** A scanner of JSON, one function for each rule of the grammar.
*/
#include "core/text/json.h"

#include <string.h>

#include "core/text/utf8.h"


bool co_json_fail(co_json *text, const char *why) {
  text->why = why;
  return false;
}


static const char too_deep[] = "nested more than 64 deep";


bool co_json_enter(co_json *text) {
  if (++text->depth > CO_JSON_DEPTH) return co_json_fail(text, too_deep);
  text->at++;
  return true;
}


/* Strings ---------------------------------------------------------------- */

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}


/* Reads four hexadecimal digits; -1 if they are not. */
static int32_t read_unit(co_json *text) {
  int32_t unit = 0;
  for (int i = 0; i < 4; i++) {
    int digit = hex_digit(*text->at);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
    text->at++;
  }
  return unit;
}


/* Reads an unpaired surrogate: U+FFFD if lenient, else an error. Reading goes
** on at `next`. */
static bool read_lone(co_json *text, const char *next, uint32_t *character) {
  static const char half[] = "half a surrogate pair";
  if (!text->lenient) return co_json_fail(text, half);
  text->odd = half;
  text->at = next;
  *character = 0xFFFD;
  return true;
}


static bool read_unicode(co_json *text, uint32_t *character) {
  int32_t unit = read_unit(text);
  const char *before = text->at;
  if (unit < 0)
    return co_json_fail(text, "four hexadecimal digits must follow \\u");
  if (unit >= 0xD800 && unit < 0xDC00) {
    bool pair = text->at[0] == '\\' && text->at[1] == 'u';
    if (pair) text->at += 2;
    int32_t low = pair ? read_unit(text) : -1;
    if (low < 0xDC00 || low > 0xDFFF) return read_lone(text, before, character);
    unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  } else if (unit >= 0xDC00 && unit < 0xE000) {
    return read_lone(text, text->at, character);
  }
  *character = (uint32_t)unit;
  return true;
}


bool co_json_escape(co_json *text, uint32_t *character) {
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  char c = *text->at++;
  if (c == 'u') return read_unicode(text, character);
  const char *place = c == '\0' ? NULL : strchr(from, c);
  if (place == NULL) return co_json_fail(text, "an unknown escape in a string");
  *character = (unsigned char)to[place - from];
  return true;
}


#define EACH_BYTE(value) (UINT64_MAX / 255 * (value))

/* Looks at eight bytes at once. Sets the high bit of each byte that ends plain
** text; bytes behind the first of these may be marked wrongly. */
static uint64_t ends_among(const char *at) {
  uint64_t bytes;
  memcpy(&bytes, at, sizeof bytes);
  if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) bytes = __builtin_bswap64(bytes);
  uint64_t control = bytes - EACH_BYTE(0x20);
  uint64_t quote = (bytes ^ EACH_BYTE('"')) - EACH_BYTE(1);
  uint64_t escape = (bytes ^ EACH_BYTE('\\')) - EACH_BYTE(1);
  return (control | quote | escape) & ~bytes & EACH_BYTE(128);
}


const char *co_json_plain_end(const char *at, const char *end) {
  for (; end - at >= 8; at += 8) {
    uint64_t ends = ends_among(at);
    if (ends != 0) return at + __builtin_ctzll(ends) / 8;
  }
  while ((unsigned char)*at >= 0x20 && *at != '"' && *at != '\\') at++;
  return at;
}


/* Checks the string that begins at `start` and has just been read. */
static bool check_utf8(co_json *text, const char *start, bool *escaped) {
  static const char wrong[] = "not valid UTF-8";
  if (co_utf8_fault(start, (size_t)(text->at - start) - 1) == 0) return true;
  if (!text->lenient) return co_json_fail(text, wrong);
  text->odd = wrong;
  *escaped = true;
  return true;
}


bool co_json_string(co_json *text, bool *escaped) {
  const char *start = text->at;
  uint32_t character;
  *escaped = false;
  for (;;) {
    text->at = co_json_plain_end(text->at, text->end);
    char c = *text->at;
    if (c != '"' && c != '\\')
      return co_json_fail(text, "a string without an end, or with a control "
                                "character");
    text->at++;
    if (c == '"') return !text->utf8 || check_utf8(text, start, escaped);
    *escaped = true;
    if (!co_json_escape(text, &character)) return false;
  }
}


/* Numbers and words ------------------------------------------------------ */

static const char unknown[] = "a value is missing or unknown";


static const char *digits_end(const char *at) {
  while (*at >= '0' && *at <= '9') at++;
  return at;
}


/* Moves past at least one digit. */
static bool read_digits(co_json *text, const char *at, const char *why) {
  const char *end = digits_end(at);
  if (end == at) return co_json_fail(text, why);
  text->at = end;
  return true;
}


bool co_json_number(co_json *text, bool *whole) {
  const char *at = text->at + (*text->at == '-');
  if (!read_digits(text, at, unknown)) return false;
  if (*at == '0' && text->at > at + 1)
    return co_json_fail(text, "a number that starts with 0");
  at = text->at;
  if (*at == '.' && !read_digits(text, at + 1, "no digit after a point"))
    return false;
  if (*text->at == 'e' || *text->at == 'E') {
    const char *power = text->at + 1;
    power += *power == '+' || *power == '-';
    if (!read_digits(text, power, "no digit in an exponent")) return false;
  }
  *whole = text->at == at;
  return true;
}


bool co_json_word(co_json *text, const char *word) {
  size_t length = strlen(word);
  if (strncmp(text->at, word, length) != 0) return co_json_fail(text, unknown);
  text->at += length;
  return true;
}


/* Skipping --------------------------------------------------------------- */

static bool skip_list(co_json *text) {
  if (!co_json_enter(text)) return false;
  if (!co_json_accept(text, ']')) {
    do {
      if (!co_json_skip(text)) return false;
    } while (co_json_accept(text, ','));
    if (!co_json_accept(text, ']'))
      return co_json_fail(text, "a comma or ] is missing");
  }
  text->depth--;
  return true;
}


static bool skip_member(co_json *text) {
  bool escaped;
  if (!co_json_accept(text, '"'))
    return co_json_fail(text, "a key must be a string");
  if (!co_json_string(text, &escaped)) return false;
  if (!co_json_accept(text, ':'))
    return co_json_fail(text, "a colon is missing");
  return co_json_skip(text);
}


static bool skip_object(co_json *text) {
  if (!co_json_enter(text)) return false;
  if (!co_json_accept(text, '}')) {
    do {
      if (!skip_member(text)) return false;
    } while (co_json_accept(text, ','));
    if (!co_json_accept(text, '}'))
      return co_json_fail(text, "a comma or } is missing");
  }
  text->depth--;
  return true;
}


bool co_json_pass(co_json *text) {
  bool ignored;
  int open = 0;
  text->odd = too_deep;
  do {
    char c = *text->at++;
    if (c == '"' && !co_json_string(text, &ignored)) return false;
    if (c == '[' || c == '{') open++;
    if (c == ']' || c == '}') open--;
    if (c == '\0') {
      text->at--;
      return co_json_fail(text, "a list or an object without an end");
    }
  } while (open > 0);
  return true;
}


bool co_json_skip(co_json *text) {
  bool ignored;
  co_json_space(text);
  switch (*text->at) {
    case '{':
    case '[':
      if (text->lenient && text->depth >= CO_JSON_DEPTH)
        return co_json_pass(text);
      return *text->at == '{' ? skip_object(text) : skip_list(text);
    case '"': text->at++; return co_json_string(text, &ignored);
    case 't': return co_json_word(text, "true");
    case 'f': return co_json_word(text, "false");
    case 'n': return co_json_word(text, "null");
    default: return co_json_number(text, &ignored);
  }
}
