/*
** Shared by the two bare libcurl programs: the requests of the product, of the
** same size to the byte, made as libcurl's examples make them.
*/
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct bare {
  const char *base;   /* http://127.0.0.1:1234 */
  const char *ca;     /* a file, or NULL */
  bool update;        /* PUT with a body, else GET */
  struct curl_slist *headers;
  size_t bytes;       /* of all answers */
} bare;

/* Reads the update's body and makes the headers. */
void bare_init(bare *work, const char *kind, const char *base, const char *ca);

/* A handle for any number of requests. */
CURL *bare_easy(bare *work);

/* Makes it the n-th request. */
void bare_aim(bare *work, CURL *easy, long n);

/* Ends the program unless that went well. */
void bare_check(CURL *easy, CURLcode code);

/* Tells what came, and frees. */
void bare_end(bare *work);

#endif
