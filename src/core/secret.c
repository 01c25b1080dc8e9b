/*
** Masking secrets in what servers say.
*/
#include "core/secret.h"

#include <stdint.h>
#include <string.h>

/* Of a shorter text every second answer would hold some by chance. */
enum { SHORTEST = 4 };


static void add_slashed(co_buffer *secrets, const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '/') co_buffer_add_byte(secrets, '\\');
    co_buffer_add_byte(secrets, text[i]);
  }
  co_buffer_add_byte(secrets, '\0');
}


void co_secret_add(co_buffer *secrets, const char *text, size_t length) {
  if (length < SHORTEST || memchr(text, '\0', length) != NULL) return;
  co_buffer_add(secrets, text, length);
  co_buffer_add_byte(secrets, '\0');
  if (memchr(text, '/', length) != NULL) add_slashed(secrets, text, length);
}


static void add_base64(co_buffer *out, const char *text, size_t length) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < length; i += 3) {
    uint32_t bits = (uint32_t)(unsigned char)text[i] << 16;
    if (i + 1 < length) bits |= (uint32_t)(unsigned char)text[i + 1] << 8;
    if (i + 2 < length) bits |= (unsigned char)text[i + 2];
    for (size_t j = 0; j < 4; j++)
      co_buffer_add_byte(out, i + j > length ? '='
                              : letters[bits >> (18 - 6 * j) & 63]);
  }
}


bool co_secret_add_token(co_buffer *secrets, const char *token) {
  co_buffer pair, coded;
  co_secret_add(secrets, token, strlen(token));
  co_buffer_init(&pair, 64 * 1024);
  co_buffer_init(&coded, 128 * 1024);
  co_buffer_add_text(&pair, token);
  co_buffer_add_byte(&pair, ':');
  if (!pair.broken) add_base64(&coded, pair.bytes, pair.length);
  if (!coded.broken) co_secret_add(secrets, coded.bytes, coded.length);
  bool starved = pair.starved || coded.starved || secrets->starved;
  co_buffer_free(&pair);
  co_buffer_free(&coded);
  return !starved;
}


/* Length of the longest secret that the bytes begin with, or 0. */
static size_t secret_at(const char *bytes, size_t length,
                        const co_buffer *secrets) {
  size_t longest = 0;
  for (size_t at = 0; at < secrets->length;) {
    const char *secret = secrets->bytes + at;
    size_t n = strlen(secret);
    if (n > longest && n <= length && memcmp(bytes, secret, n) == 0)
      longest = n;
    at += n + 1;
  }
  return longest;
}


/* Which bytes a secret begins with: most of an answer is none of them. */
static void note_heads(const co_buffer *secrets, bool heads[256]) {
  for (size_t at = 0; at < secrets->length;) {
    heads[(unsigned char)secrets->bytes[at]] = true;
    at += strlen(secrets->bytes + at) + 1;
  }
}


/* In one pass, so that no secret hides the end of another from it. */
void co_secret_mask(char *bytes, size_t length, const co_buffer *secrets) {
  bool heads[256] = {false};
  size_t end = 0;
  note_heads(secrets, heads);
  for (size_t i = 0; i < length; i++) {
    if (heads[(unsigned char)bytes[i]]) {
      size_t n = secret_at(bytes + i, length - i, secrets);
      if (i + n > end) end = i + n;
    }
    if (i < end) bytes[i] = '*';
  }
}
