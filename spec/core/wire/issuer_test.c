/*
** src/core/wire/issuer.c without TLS and without a server. The other cases are
** in spec/scripts/check_spec.lua.
*/
#include "core/wire/issuer.h"

#include "check.h"
#include "client.h"


static bool read_issuer(bool plain, char *text) {
  server s = server_open(NULL);
  co_config config = client_config(&s);
  co_handle_base base;
  config.address.plain = plain;
  config.address.loopback = true;
  config.connect_timeout = 0.2;
  CHECK(co_handle_base_init(&base, &config));
  server_close(&s);
  bool found = co_issuer_read(&base, text, 32);
  co_handle_base_free(&base);
  return found;
}


int main(void) {
  char text[32] = "as before";
  CHECK(co_handle_global());
  CHECK(!read_issuer(true, text));
  CHECK(!read_issuer(false, text));
  CHECK_TEXT(text, "as before");
  return check_report();
}
