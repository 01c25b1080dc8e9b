/*
** The signed address of a file, which a server sends. An accepted one leads,
** also by libcurl's parser, to a host over https, or to loopback over http if
** the deployment is on loopback; it has no user, and no character that ends a
** line.
*/
#include <curl/curl.h>

#include "core/wire/address.h"
#include "fuzz.h"

#include <strings.h>


static char *part(CURLU *url, CURLUPart which) {
  char *text = NULL;
  return curl_url_get(url, which, &text, 0) == CURLUE_OK ? text : NULL;
}


static void check_parts(CURLU *url, bool plain) {
  char *scheme = part(url, CURLUPART_SCHEME), *host = part(url, CURLUPART_HOST);
  char *user = part(url, CURLUPART_USER);
  MUST(scheme != NULL && host != NULL && user == NULL);
  MUST(strcmp(scheme, plain ? "http" : "https") == 0);
  if (plain) MUST(strncmp(host, "127.", 4) == 0 ||
                  strcasecmp(host, "localhost") == 0 || host[0] == '[');
  curl_free(scheme);
  curl_free(host);
}


static void check(const char *text, size_t length, bool loopback) {
  bool plain;
  if (co_address_check_signed(text, length, loopback, &plain) != NULL) return;
  MUST(loopback || !plain);
  MUST(strlen(text) == length && strpbrk(text, " \r\n\t\\") == NULL);
  CURLU *url = curl_url();
  MUST(url != NULL);
  if (curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK)
    check_parts(url, plain);
  curl_url_cleanup(url);
}


int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  char *text = fuzz_text(bytes, length);
  check(text, length, false);
  check(text, length, true);
  free(text);
  return 0;
}
