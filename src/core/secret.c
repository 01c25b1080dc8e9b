/*
** Masking secrets in what servers say.
*/
#include "core/secret.h"

#include <stdint.h>
#include <string.h>

/* Of a shorter text every second answer would hold some by chance. */
enum { SHORTEST = 4 };


/* The base64 of the text, and of a colon behind it, without padding: that
** may be escaped, or left out. */
static void add_base64(co_buffer *secrets, const char *text, size_t length,
                       bool colon) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t total = length + colon;
  for (size_t bit = 0; bit < total * 8; bit += 6) {
    unsigned two = 0;
    for (size_t i = bit / 8; i < bit / 8 + 2; i++)
      two = two << 8 | (i < length ? (unsigned char)text[i]
                        : i < total ? ':' : 0);
    co_buffer_add_byte(secrets, letters[two >> (10 - bit % 8) & 63]);
  }
  co_buffer_add_byte(secrets, '\0');
}


static bool is_secret(const char *text, size_t length) {
  return length >= SHORTEST && memchr(text, '\0', length) == NULL;
}


void co_secret_add(co_buffer *secrets, const char *text, size_t length) {
  if (!is_secret(text, length)) return;
  co_buffer_add(secrets, text, length);
  co_buffer_add_byte(secrets, '\0');
  add_base64(secrets, text, length, false);
}


bool co_secret_add_token(co_buffer *secrets, const char *token) {
  size_t length = strlen(token);
  co_secret_add(secrets, token, length);
  if (is_secret(token, length)) add_base64(secrets, token, length, true);
  return !secrets->starved;
}


static bool holds(const co_buffer *secrets, const char *text) {
  for (size_t at = 0; at < secrets->length;
       at += strlen(secrets->bytes + at) + 1)
    if (strcmp(secrets->bytes + at, text) == 0) return true;
  return false;
}


void co_secret_merge(co_buffer *secrets, const co_buffer *others) {
  for (size_t at = 0; at < others->length;) {
    const char *text = others->bytes + at;
    size_t length = strlen(text) + 1;
    if (!holds(secrets, text)) co_buffer_add(secrets, text, length);
    at += length;
  }
}


/* Spellings -------------------------------------------------------------- */

/* How URLs, JSON and HTML write a byte otherwise: what stands before its
** digits, their base, how many at most (at least two), what stands behind. */
typedef struct spelling {
  const char *before;
  int base;
  size_t digits;
  const char *behind;
} spelling;

static const spelling spellings[] = {
  {"%",     16, 2, ""},
  {"\\u00", 16, 2, ""},
  {"&#x",   16, 2, ";"},
  {"&#",    10, 3, ";"}
};

static const char *const first_of_spellings = "%\\&";


static int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}


static bool begins(const char *text, size_t length, const char *with) {
  size_t n = strlen(with);
  return n <= length && memcmp(text, with, n) == 0;
}


/* How much of the text spells a byte this way; 0: it does not. */
static size_t spelled(const spelling *how, const char *text, size_t length,
                      char *byte) {
  size_t from = strlen(how->before), at = from;
  int value = 0;
  if (!begins(text, length, how->before)) return 0;
  for (; at < length && at - from < how->digits; at++) {
    int digit = digit_value(text[at]);
    if (digit >= how->base) break;
    value = value * how->base + digit;
  }
  if (at - from < 2 || !begins(text + at, length - at, how->behind)) return 0;
  *byte = (char)value;
  return at + strlen(how->behind);
}


/* Reads a byte, however it is spelled: how much of the text that takes. */
static size_t read_byte(const char *text, size_t length, char *byte) {
  *byte = text[0];
  if (strchr(first_of_spellings, text[0]) == NULL) return 1;
  for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
    size_t n = spelled(&spellings[i], text, length, byte);
    if (n > 0) return n;
  }
  bool quoted = text[0] == '\\' && length > 1 && strchr("/\"\\", text[1]);
  if (quoted) *byte = text[1];
  return quoted ? 2 : 1;
}


/* Masking ---------------------------------------------------------------- */

/* How much of the text is this secret, in whatever spelling; or 0. Spelled as
** it is it may look like an escape. */
static size_t matched(const char *text, size_t length, const char *secret) {
  size_t at = 0;
  for (const char *c = secret; *c != '\0'; c++) {
    char byte = '\0';
    if (at < length) at += read_byte(text + at, length - at, &byte);
    if (byte != *c) return begins(text, length, secret) ? strlen(secret) : 0;
  }
  return at;
}


/* Length of the longest secret that the bytes begin with, or 0. A buffer
** that ran full may end with the first letters of one. */
static size_t secret_at(const char *bytes, size_t length,
                        const co_buffer *secrets) {
  size_t longest = 0;
  for (size_t at = 0; at < secrets->length;) {
    const char *secret = secrets->bytes + at;
    size_t n = strlen(secret);
    size_t found = n < SHORTEST ? 0 : matched(bytes, length, secret);
    if (found > longest) longest = found;
    at += n + 1;
  }
  return longest;
}


/* Which bytes a secret begins with: most of an answer is none of them. */
static void note_heads(const co_buffer *secrets, bool heads[256]) {
  for (const char *c = first_of_spellings; *c != '\0'; c++)
    heads[(unsigned char)*c] = true;
  for (size_t at = 0; at < secrets->length;) {
    heads[(unsigned char)secrets->bytes[at]] = true;
    at += strlen(secrets->bytes + at) + 1;
  }
}


/* In one pass, so that no secret hides the end of another from it; with the
** padding that may follow. */
void co_secret_mask(char *bytes, size_t length, const co_buffer *secrets) {
  bool heads[256] = {false};
  size_t end = 0;
  note_heads(secrets, heads);
  for (size_t i = 0; i < length; i++) {
    if (heads[(unsigned char)bytes[i]]) {
      size_t n = secret_at(bytes + i, length - i, secrets);
      while (n > 0 && i + n < length && bytes[i + n] == '=') n++;
      if (i + n > end) end = i + n;
    }
    if (i < end) bytes[i] = '*';
  }
}
