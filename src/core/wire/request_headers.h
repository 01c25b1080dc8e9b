/*
** The headers of a request, as lists for libcurl. handle.c makes them once for
** an engine, and all its handles share them.
**
** libcurl would write User-Agent, Authorization and Accept-Encoding itself,
** from its options; it then formats each of them twice, byte by byte, for every
** request. As lines of a list they cost a tenth less of a get's instructions.
*/
#ifndef CO_REQUEST_HEADERS_H
#define CO_REQUEST_HEADERS_H

#include <curl/curl.h>
#include <stdbool.h>

/* The headers of a request, with a body of JSON or without. NULL: no memory. */
struct curl_slist *co_request_headers_new(const char *token,
                                          const char *user_agent, bool body);

/* The headers that a proxy gets with CONNECT. NULL: no memory. */
struct curl_slist *co_request_headers_of_proxy(const char *user_agent);

/* Frees a list, and wipes it first: it has the token. */
void co_request_headers_free(struct curl_slist *lines);

#endif
