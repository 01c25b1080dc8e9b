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


void co_secret_add_token(co_buffer *secrets, const char *token) {
  co_buffer pair;
  co_secret_add(secrets, token, strlen(token));
  co_buffer_init(&pair, 64 * 1024);
  co_buffer_add_text(&pair, token);
  co_buffer_add_byte(&pair, ':');
  if (!pair.broken) add_base64(secrets, pair.bytes, pair.length);
  if (!pair.broken) co_buffer_add_byte(secrets, '\0');
  co_buffer_free(&pair);
}


static void mask_one(char *bytes, size_t length, const char *secret) {
  size_t n = strlen(secret);
  char *from = bytes, *end = bytes + length;
  while ((from = memmem(from, (size_t)(end - from), secret, n)) != NULL) {
    memset(from, '*', n);
    from += n;
  }
}


void co_secret_mask(char *bytes, size_t length, const co_buffer *secrets) {
  for (size_t at = 0; bytes != NULL && at < secrets->length;) {
    mask_one(bytes, length, secrets->bytes + at);
    at += strlen(secrets->bytes + at) + 1;
  }
}
