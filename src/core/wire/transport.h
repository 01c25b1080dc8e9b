/*
** Runs libcurl: one multi handle, its sockets in one poll set, and idle easy
** handles. Sends attempts and reports those that have ended; knows nothing of
** states, limits or repeats.
**
** Only the engine calls it. Only co_transport_wait blocks. libcurl's callbacks
** only store times and watch sockets. The transport holds a sent transfer until
** it is reported or dropped.
*/
#ifndef CO_TRANSPORT_H
#define CO_TRANSPORT_H

#include "core/wire/handle.h"
#include "core/wire/pollset.h"
#include "core/wire/sockets.h"

typedef struct co_transport {
  co_handle_base base;
  CURLM *multi;       /* NULL: shut, or no memory for one */
  co_pollset set;     /* a host polls its descriptor */
  co_sockets sockets; /* libcurl's sockets in the set */
  double curl_due;    /* when libcurl wants to be called; INFINITY: never */
  CURL **idle;        /* handles without a transfer */
  int idle_count, idle_most;
  bool failed;        /* out of memory: see co_transport_renew */
} co_transport;

/* False: errno says why; the transport must still be closed. */
bool co_transport_open(co_transport *transport, const co_config *config);
void co_transport_close(co_transport *transport);

/* Closes the connections. The poll set stays open for a host that polls it. */
void co_transport_shut(co_transport *transport);

/* In a child of fork(): abandons the parent's handles, connections and poll
** set without touching them, and opens an empty poll set. False: the system
** gives none. */
bool co_transport_forget(co_transport *transport);

/* Sends an attempt of at most `seconds`. False: no memory, nothing is sent. */
bool co_transport_send(co_transport *transport, co_transfer *transfer,
                       double seconds);

/* Whether libcurl has sent a byte of the transfer's attempt. */
bool co_transport_has_sent(const co_transfer *transfer);

/* Ends a sent transfer's attempt now, in any phase. */
void co_transport_drop(co_transport *transport, co_transfer *transfer);

/* Calls libcurl if the time at which it asked to be called has come. */
void co_transport_run(co_transport *transport);

/* Waits at most `seconds` (< 0: until something happens) for the network and
** lets libcurl handle what came. A signal ends the wait. */
void co_transport_wait(co_transport *transport, double seconds);

/* The next sent transfer whose attempt has ended, with its attempt, traffic and
** result filled in; NULL if none is left. */
co_transfer *co_transport_ended(co_transport *transport);

/* Replaces the multi handle. When `failed` is set (libcurl ran out of memory),
** the engine drops every sent transfer and calls this: libcurl may have lost
** sockets and timers of any transfer, which would wait for ever, and libcurl
** 7.88 leaves its own tables damaged. */
void co_transport_renew(co_transport *transport);

/* Makes a new multi handle if there was no memory for the last one. */
void co_transport_ensure(co_transport *transport);

#endif
