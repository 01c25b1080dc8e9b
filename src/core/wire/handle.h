/*
** libcurl's easy handles. An engine has one co_handle_base, which owns what all
** its handles share and outlives them. A handle serves any number of attempts,
** one at a time: prepare, let libcurl run it, finish, release.
**
** handle.c makes the security decisions: TLS is always verified, no redirect is
** followed, no .netrc is read, one scheme is allowed.
*/
#ifndef CO_HANDLE_H
#define CO_HANDLE_H

#include <curl/curl.h>

#include "core/engine.h"

typedef struct co_handle_base {
  char origin[CO_HOST_MAX + 20];    /* https://host/ */
  struct curl_slist *headers;       /* of a request without a body */
  struct curl_slist *json_headers;  /* of a request with one */
  struct curl_slist *proxy_headers; /* of CONNECT */
  char *user_agent;                 /* for storages */
  char *client_cert, *client_key;
  char *ca_file, *ca_folder;        /* both NULL: libcurl's built-in ones */
  long connect_ms;
  bool plain, loopback;
} co_handle_base;

/* Initializes libcurl once per process. It is never undone: the host may use
** libcurl too. False: no memory. */
bool co_handle_global(void);

/* Copies what it needs from the config. False: no memory. The base must be
** freed in either case. */
bool co_handle_base_init(co_handle_base *base, const co_config *config);
void co_handle_base_free(co_handle_base *base);

/* A handle for any number of attempts, or NULL. */
CURL *co_handle_new(const co_handle_base *base);

/* Sets the handle up for one attempt of at most `seconds`. False: no memory;
** the handle must not be run. */
bool co_handle_prepare(CURL *handle, const co_handle_base *base,
                       co_transfer *transfer, double seconds);

/* Fills transfer->attempt, ->traffic and ->result from an attempt that ended
** with `code`. */
void co_handle_finish(CURL *handle, CURLcode code, co_transfer *transfer);

/* Removes every pointer into the transfer from the handle, so that the transfer
** may be freed before the handle. */
void co_handle_release(CURL *handle);

#endif
