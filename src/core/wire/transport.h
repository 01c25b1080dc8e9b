/*
** libcurl at work: one multi handle, its sockets in one poll set, and the
** easy handles at rest. Sends attempts and reports those that have ended;
** knows nothing of states, limits or repeats.
**
** The engine alone calls it. Nothing here blocks but co_transport_wait.
** libcurl's callbacks only note times and sockets. A transfer that was sent
** stays with the transport until it is reported or dropped.
*/
#ifndef CO_TRANSPORT_H
#define CO_TRANSPORT_H

#include "core/wire/handle.h"
#include "core/wire/pollset.h"
#include "core/wire/sockets.h"

typedef struct co_transport {
  co_handle_base base;
  CURLM *multi;       /* NULL: shut, or no memory for one */
  co_pollset set;     /* what a host polls */
  co_sockets sockets; /* in it */
  double curl_due;    /* when libcurl wants to be called; INFINITY: never */
  CURL **idle;        /* handles at rest */
  int idle_count, idle_most;
  bool failed;        /* out of memory: see co_transport_renew */
} co_transport;

/* False: errno says why. It may be closed then, and must be. */
bool co_transport_open(co_transport *transport, const co_config *config);
void co_transport_close(co_transport *transport);

/* Closes the connections. The poll set stays, for whoever polls it. */
void co_transport_shut(co_transport *transport);

/* In a child of fork(): abandons the parent's handles, connections and poll
** set without touching them, and opens an empty poll set. */
void co_transport_forget(co_transport *transport);

/* Sends an attempt of at most `seconds`. False: no memory, nothing is sent. */
bool co_transport_send(co_transport *transport, co_transfer *transfer,
                       double seconds);

/* Whether libcurl has sent a byte of the transfer's attempt; in a child of
** fork() nobody knows, so: yes. */
bool co_transport_has_sent(const co_transport *transport,
                           const co_transfer *transfer);

/* Ends a sent transfer's attempt now, wherever it stands. */
void co_transport_drop(co_transport *transport, co_transfer *transfer);

/* Calls libcurl if it asked for that by now. */
void co_transport_run(co_transport *transport);

/* Waits at most so many seconds (< 0: until something happens) for the
** network and hands what came to libcurl. A signal ends the wait. */
void co_transport_wait(co_transport *transport, double seconds);

/* The next sent transfer whose attempt has ended, its attempt, traffic and
** result filled in; NULL: none is left. */
co_transfer *co_transport_ended(co_transport *transport);

/* Short of memory, libcurl may forget the sockets and timers of any transfer,
** which would then wait for ever, and 7.88 leaves its own tables unsafe. When
** `failed` is set the engine drops every sent transfer and calls this. */
void co_transport_renew(co_transport *transport);

/* Makes a new multi handle if memory was out for the last one. */
void co_transport_ensure(co_transport *transport);

#endif
