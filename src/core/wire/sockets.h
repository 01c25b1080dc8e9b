/*
** libcurl's sockets in a poll set. An idle connection stays in the set until
** something happens on it or it is closed: between two requests libcurl removes
** the socket and adds it again, which would cost two system calls. The
** transport owns the co_sockets and the set. A co_sockets outlives every handle
** that reports to it. The callbacks only set marks and change the poll set.
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

/* Makes libcurl report the sockets of the handle to `sockets`, which outlives
** the handle. */
void co_sockets_follow_multi(co_sockets *sockets, CURLM *multi);
void co_sockets_follow_easy(co_sockets *sockets, CURL *easy);

/* Whether fd is an idle connection; if so, removes it from the set. libcurl is
** not called: it notices what happened (most likely the server has closed it)
** when it next uses the connection. */
bool co_sockets_at_rest(co_sockets *sockets, int fd);

/* Removes every idle connection from the set. */
void co_sockets_silence(co_sockets *sockets);

#endif
