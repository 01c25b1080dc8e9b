/*
** libcurl's sockets in a poll set. Between two requests on one connection
** libcurl would take its socket out of the set and put it back, two system
** calls a request. So a connection at rest stays in the set, until something
** happens on it or it is closed. The transport owns both; a co_sockets
** outlives every handle that follows it. Its callbacks only note and watch.
*/
#ifndef CO_SOCKETS_H
#define CO_SOCKETS_H

#include <curl/curl.h>
#include <stdint.h>

#include "core/wire/pollset.h"

typedef struct co_sockets {
  const co_pollset *set;
  uint8_t *marks;   /* by descriptor: what is known of it */
  int room;
} co_sockets;

void co_sockets_init(co_sockets *sockets, const co_pollset *set);
void co_sockets_free(co_sockets *sockets);

/* Tells libcurl to report its sockets. Both outlive the handles. */
void co_sockets_follow_multi(co_sockets *sockets, CURLM *multi);
void co_sockets_follow_easy(co_sockets *sockets, CURL *easy);

/* Whether fd is a connection at rest; then it is taken out of the set, and
** libcurl is not told: it finds out (most likely that the server has closed
** it) when it wants to use the connection again. */
bool co_sockets_at_rest(co_sockets *sockets, int fd);

#endif
