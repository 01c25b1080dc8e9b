/*
** The requests of the bare libcurl programs.
*/
#include "bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char body[4096];


static size_t on_body(char *bytes, size_t size, size_t count, void *data) {
  bare *work = data;
  (void)bytes;
  work->bytes += size * count;
  return size * count;
}


static void die(const char *what) {
  fprintf(stderr, "bare: %s\n", what);
  exit(1);
}


/* The size that the product's update has: it is told by BENCH_BODY. */
static void read_body(void) {
  const char *path = getenv("BENCH_BODY");
  FILE *file = path == NULL ? NULL : fopen(path, "rb");
  if (file == NULL) die("BENCH_BODY names no file");
  size_t length = fread(body, 1, sizeof body - 1, file);
  body[length] = '\0';
  fclose(file);
}


void bare_init(bare *work, const char *kind, const char *base,
               const char *ca) {
  *work = (bare){.base = base, .ca = ca, .update = strcmp(kind, "get") != 0};
  curl_global_init(CURL_GLOBAL_DEFAULT);
  work->headers = curl_slist_append(NULL, "Accept: application/json");
  if (!work->update) return;
  read_body();
  curl_slist_append(work->headers, "Content-Type: application/json");
  curl_slist_append(work->headers, "Expect:");
}


CURL *bare_easy(bare *work) {
  CURL *easy = curl_easy_init();
  if (easy == NULL) die("no handle");
  curl_easy_setopt(easy, CURLOPT_USERNAME, "cop_bench");
  curl_easy_setopt(easy, CURLOPT_PASSWORD, "");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "plain/0.1.0 libcurl/7.88.1");
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, work->headers);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, work);
  if (work->ca != NULL) curl_easy_setopt(easy, CURLOPT_CAINFO, work->ca);
  if (work->ca != NULL) curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
  if (work->ca != NULL) curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
  if (!work->update) return easy;
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PUT");
  return easy;
}


void bare_aim(bare *work, CURL *easy, long n) {
  char url[256];
  snprintf(url, sizeof url,
           "%s/api/v1/data_assets/00000000-0000-4000-8000-%012ld",
           work->base, n);
  curl_easy_setopt(easy, CURLOPT_URL, url);
}


void bare_check(CURL *easy, CURLcode code) {
  long status = 0;
  if (code != CURLE_OK) die(curl_easy_strerror(code));
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) die("an answer is not 200");
}


void bare_end(bare *work) {
  printf("bytes %zu\n", work->bytes);
  curl_slist_free_all(work->headers);
  curl_global_cleanup();
}
