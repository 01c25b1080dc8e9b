/*
** Masking. The masked text does not contain the secret; it differs from the
** original in asterisks only; masking it again changes nothing. The secret in
** any spelling, byte by byte, is masked as a whole. (Masking may produce a
** secret that contains asterisks itself.)
*/
#include "core/text/buffer.h"
#include "core/text/secret.h"
#include "fuzz.h"

enum { SHORTEST = 4, LONGEST = 24, SPELLED_MAX = LONGEST * 8 };


static void check_text(const co_buffer *secrets, const char *secret,
                       const char *text, size_t length) {
  char *first = fuzz_text((const uint8_t *)text, length);
  co_secret_mask(first, length, secrets);
  for (size_t i = 0; i < length; i++)
    MUST(first[i] == text[i] || first[i] == '*');
  bool stars = strchr(secret, '*') != NULL;
  MUST(stars || memmem(first, length, secret, strlen(secret)) == NULL);
  char *again = fuzz_text((const uint8_t *)first, length);
  co_secret_mask(again, length, secrets);
  MUST(stars || memcmp(first, again, length) == 0);
  free(first);
  free(again);
}


/* A byte that begins an escape must not be spelled as itself before others. */
static int spell(char *out, unsigned char byte, unsigned how) {
  static const char *const forms[] = {"%%%02x", "%%%02X", "\\u%04x",
                                      "&#x%X;", "&#%d;"};
  bool plain = how % 6 == 5 && strchr("%\\&", byte) == NULL;
  bool two_digits = byte >= 0x10;
  if (plain) return sprintf(out, "%c", byte);
  if (strchr("/\"\\", byte) != NULL && how & 64)
    return sprintf(out, "\\%c", byte);
  return sprintf(out, forms[how % (two_digits ? 5 : 3)], byte);
}


static void check_spelled(const co_buffer *secrets, const char *secret,
                          const char *how, size_t length) {
  char text[SPELLED_MAX + 1];
  int at = 0;
  if (length == 0) return;
  for (size_t i = 0; secret[i] != '\0'; i++)
    at += spell(text + at, (unsigned char)secret[i],
                (unsigned char)how[i % length]);
  co_secret_mask(text, (size_t)at, secrets);
  MUST(strspn(text, "*") == (size_t)at);
}


int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  char secret[LONGEST + 1];
  co_buffer secrets;
  size_t n = length < LONGEST ? length : LONGEST;
  memcpy(secret, bytes, n);
  secret[n] = '\0';
  if (strlen(secret) < SHORTEST) return 0;
  co_buffer_init(&secrets, 1000);
  MUST(co_secret_add_token(&secrets, secret));
  check_text(&secrets, secret, (const char *)bytes + n, length - n);
  check_spelled(&secrets, secret, (const char *)bytes + n, length - n);
  co_buffer_free(&secrets);
  return 0;
}
