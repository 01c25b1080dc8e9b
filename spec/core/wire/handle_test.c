/*
** src/core/wire/handle.c: the bytes that an attempt sends.
*/
#include "perform.h"


static void test_request(void) {
  char seen[4096];
  co_transfer *t = performed(ANSWER, seen);
  CHECK(strstr(seen, "Authorization: Basic Y29wX3Rlc3Q6\r\n") != NULL);
  CHECK(strstr(seen, "Accept: application/json\r\n") != NULL);
  CHECK(strstr(seen, "User-Agent: test\r\n") != NULL);
  CHECK(t->result.kind == CO_KIND_OK && t->traffic.connections == 1);
  co_transfer_free(t);
}


int main(void) {
  CHECK(co_handle_global());
  test_request();
  return check_report();
}
