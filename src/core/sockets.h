/*
** libcurl's sockets in a poll set. Between two requests on one connection
** libcurl takes its socket out and puts it back: a connection at rest stays
** in the set instead, until something happens on it or it is closed.
*/
#ifndef CO_SOCKETS_H
#define CO_SOCKETS_H

#include <curl/curl.h>
#include <stdint.h>

#include "core/pollset.h"

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

/* Whether what happened there is news of a connection at rest (its end, most
** likely), which is libcurl's to find out when it wants to use it again. It
** is out of the set then. */
bool co_sockets_at_rest(co_sockets *sockets, int fd);

#endif
