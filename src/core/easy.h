/*
** libcurl easy handles: what is the same for every request of an engine is
** set once, what an attempt needs is set before it, what it brought is read
** after it.
*/
#ifndef CO_EASY_H
#define CO_EASY_H

#include <curl/curl.h>

#include "core/engine.h"

/* What all handles of an engine share. */
typedef struct co_easy_base {
  struct curl_slist *headers;       /* of a request without a body */
  struct curl_slist *json_headers;  /* of a request with one */
  char *token, *user_agent, *ca_file;
  long connect_ms;
  bool plain, loopback;
} co_easy_base;

/* libcurl's global state, made once and never undone: the host may use
** libcurl too. False: no memory. */
bool co_easy_global(void);

bool co_easy_base_init(co_easy_base *base, const co_config *config);
void co_easy_base_free(co_easy_base *base);

/* A handle for any number of attempts, or NULL. */
CURL *co_easy_new(const co_easy_base *base);

/* Readies it for one attempt of at most `seconds`. False: no memory, and it
** may not be used as it is. */
bool co_easy_prepare(CURL *easy, const co_easy_base *base,
                     co_transfer *transfer, double seconds);

/* Makes it forget the transfer, which may be freed before it. */
void co_easy_release(CURL *easy);

/* Fills transfer->attempt and the transfer's result from a finished one. */
void co_easy_finish(CURL *easy, CURLcode code, co_transfer *transfer);

#endif
