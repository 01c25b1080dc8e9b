/*
** Domains and ids. An accepted domain has a base that begins with its scheme
** and contains the given host; it is accepted again in its full spelling; it
** is plain http only for loopback. An accepted id needs no escape in a path,
** and its bytes give the canonical spelling.
*/
#include "core/wire/address.h"
#include "core/text/buffer.h"
#include "fuzz.h"


static void check_address(const char *text, size_t length) {
  co_address first, again;
  if (co_address_parse(&first, text, length, false) != NULL) return;
  MUST(!first.plain || first.loopback);
  MUST(strncmp(first.base, first.plain ? "http://" : "https://",
               first.plain ? 7 : 8) == 0);
  MUST(strpbrk(first.host, "/?#@ \\\r\n") == NULL);
  MUST(co_address_parse(&again, first.base, strlen(first.base), false) == NULL);
  MUST(strcmp(first.base, again.base) == 0);
  MUST(strcmp(first.host, again.host) == 0);
}


static void check_id(const char *text, size_t length) {
  co_buffer escaped;
  if (!co_id_valid(text, length)) return;
  co_buffer_init(&escaped, 200);
  MUST(co_buffer_add_escaped(&escaped, text, length));
  MUST(escaped.length == length && memcmp(escaped.bytes, text, length) == 0);
  co_buffer_free(&escaped);
  char packed[CO_ID_BYTES];
  char unpacked[CO_ID_LENGTH + 1], spelled[CO_ID_LENGTH + 1];
  co_id_pack(packed, text);
  co_id_unpack(unpacked, packed);
  co_id_spell(spelled, text);
  MUST(strcmp(unpacked, spelled) == 0);
}


int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  char *text = fuzz_text(bytes, length);
  check_address(text, length);
  check_id(text, length);
  free(text);
  return 0;
}
