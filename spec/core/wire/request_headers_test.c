/*
** src/core/wire/request_headers.c: every line of every list.
*/
#include "core/wire/request_headers.h"

#include <string.h>

#include "check.h"


static int count_of(const struct curl_slist *lines) {
  int count = 0;
  for (; lines != NULL; lines = lines->next) count++;
  return count;
}


static bool has(const struct curl_slist *lines, const char *line) {
  for (; lines != NULL; lines = lines->next)
    if (strcmp(lines->data, line) == 0) return true;
  return false;
}


static void check_all(const struct curl_slist *lines) {
  CHECK(has(lines, "Accept: application/json"));
  CHECK(has(lines, "Authorization: Basic Y29wX3Rlc3Q6"));
  CHECK(has(lines, "User-Agent: colua/1"));
}


static void test_lists(void) {
  struct curl_slist *bare = co_request_headers_new("cop_test", "colua/1",
                                                   false);
  struct curl_slist *json = co_request_headers_new("cop_test", "colua/1",
                                                   true);
  struct curl_slist *proxy = co_request_headers_of_proxy("colua/1");
  check_all(bare);
  check_all(json);
  CHECK(has(json, "Content-Type: application/json") && has(json, "Expect:"));
  CHECK(count_of(json) == count_of(bare) + 2);
  CHECK(count_of(proxy) == 1 && has(proxy, "User-Agent: colua/1"));
  co_request_headers_free(bare);
  co_request_headers_free(json);
  co_request_headers_free(proxy);
  co_request_headers_free(NULL);
}


static void test_encoding(void) {
  int features = curl_version_info(CURLVERSION_NOW)->features;
  bool decodes = (features & CURL_VERSION_LIBZ) != 0;
  struct curl_slist *lines = co_request_headers_new("t", "a", false);
  CHECK(has(lines, "Accept-Encoding: gzip") == decodes);
  co_request_headers_free(lines);
}


/* A line that is too long fails the whole list. */
static void test_failure(void) {
  static char huge[64 * 1024];
  memset(huge, 'x', sizeof huge - 1);
  CHECK(co_request_headers_new(huge, "colua/1", true) == NULL);
  CHECK(co_request_headers_new("cop_test", huge, false) == NULL);
  CHECK(co_request_headers_of_proxy(huge) == NULL);
}


int main(void) {
  test_lists();
  test_encoding();
  test_failure();
  return check_report();
}
