/*
** Reads a byte that may be escaped. Only the spellings in the rows below are
** undone. Reading costs a constant number of steps for each level.
*/
#include "core/text/spelling.h"

#include <stdbool.h>
#include <string.h>

/* The text before the digits, their base, the fewest and the most digits, and
** the text behind them. */
static const struct numeric {
  const char *before;
  int base, least, most;
  const char *behind;
} numerics[] = {
  {"%",    16, 2, 2, ""},   /* URLs */
  {"%u",   16, 4, 4, ""},
  {"\\u",  16, 4, 4, ""},   /* JSON */
  {"\\u{", 16, 1, 6, "}"},
  {"\\x",  16, 2, 2, ""},   /* C, Python */
  {"\\",    8, 3, 3, ""},
  {"&#x",  16, 1, 8, ";"},  /* HTML */
  {"&#X",  16, 1, 8, ";"},
  {"&#",   10, 1, 8, ";"}
};

static const struct named {
  const char *text;
  char byte;
} nameds[] = {
  {"\\/", '/'},  {"\\\"", '"'},  {"\\\\", '\\'}, {"\\'", '\''},
  {"\\n", '\n'}, {"\\r", '\r'},  {"\\t", '\t'},
  {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'},
  {"&apos;", '\''}
};

#define ROWS(table) (sizeof table / sizeof table[0])

/* Bytes of the longest spelling, "&#x00000063;", plus one. */
enum { AHEAD = 13 };

/* The next bytes with one level less undone, and the end of each of them. */
typedef struct ahead {
  char bytes[AHEAD + 1];
  size_t ends[AHEAD];
  size_t count;
} ahead;


int co_spelling_starts(char byte) {
  return byte == '%' || byte == '\\' || byte == '&';
}


static int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}


/* How many of the bytes are a spelling by that row; or 0. */
static size_t match_numeric(const struct numeric *row, const ahead *a,
                            char *byte) {
  size_t at = strlen(row->before), behind = strlen(row->behind);
  unsigned long value = 0;
  int digits = 0;
  if (*a->bytes != *row->before || strncmp(a->bytes, row->before, at) != 0)
    return 0;
  for (; at < a->count && digits < row->most; at++, digits++) {
    int digit = digit_value(a->bytes[at]);
    if (digit >= row->base) break;
    value = value * (unsigned)row->base + (unsigned)digit;
  }
  if (digits < row->least || value == 0 || value > 0xFF) return 0;
  if (strncmp(a->bytes + at, row->behind, behind) != 0) return 0;
  *byte = (char)value;
  return at + behind;
}


static size_t match(const ahead *a, char *byte) {
  for (size_t i = 0; i < ROWS(numerics); i++) {
    size_t n = match_numeric(&numerics[i], a, byte);
    if (n > 0) return n;
  }
  for (size_t i = 0; i < ROWS(nameds); i++) {
    if (*a->bytes != *nameds[i].text) continue;
    size_t n = strlen(nameds[i].text);
    if (strncmp(a->bytes, nameds[i].text, n) != 0) continue;
    *byte = nameds[i].byte;
    return n;
  }
  return 0;
}


static bool may_continue(char byte) {
  return byte != '\0' && strchr("%\\&#;{}xXu/\"'nrt", byte) != NULL;
}


/* Whether a spelling may contain the byte. Reading ahead stops at any other. */
static bool is_part(char byte) {
  return may_continue(byte) || digit_value(byte) < 16 ||
         (byte >= 'a' && byte <= 'z');
}


/* Reads ahead from behind the first byte, which ends at `at`. */
static void read_ahead(ahead *a, const char *text, size_t length, size_t at,
                       int level) {
  while (a->count < AHEAD) {
    char byte = '\0';
    size_t n = co_spelling_read(text + at, length - at, level, &byte);
    if (n == 0 || !is_part(byte)) break;
    if (co_spelling_starts(byte) && !(a->count == 1 && byte == '\\')) break;
    at += n;
    a->ends[a->count] = at;
    a->bytes[a->count++] = byte;
  }
  a->bytes[a->count] = '\0';
}


/* A byte that is not a spelling on one level is not tried on the next, so a
** text full of '%' or '\\' costs no more than others. */
size_t co_spelling_read(const char *text, size_t length, int level,
                        char *byte) {
  ahead a;
  if (length == 0) return 0;
  *byte = text[0];
  if (level == 0 || !co_spelling_starts(text[0])) return 1;
  size_t first = co_spelling_read(text, length, level - 1, byte);
  if (!co_spelling_starts(*byte) || (level > 1 && first == 1)) return first;
  a.bytes[0] = *byte;
  a.ends[0] = first;
  a.count = 1;
  read_ahead(&a, text, length, first, level - 1);
  size_t n = match(&a, byte);
  return n > 0 ? a.ends[n - 1] : first;
}
