/*
** Connections that wait: a request is set aside, and a thread of its own
** takes it up again when its time has come or its client has gone. So a
** thousand delayed answers cost the server's thread nothing.
*/
#ifndef SB_WAITERS_H
#define SB_WAITERS_H

#include <microhttpd.h>
#include <stdbool.h>

typedef struct sb_waiters sb_waiters;

/* A place in the lot, inside the request that waits. */
typedef struct sb_waiter {
  struct sb_waiter *next, *previous;
  struct MHD_Connection *connection;
  double until;
  bool over;           /* what ended the wait ends the request too */
} sb_waiter;

sb_waiters *sb_waiters_new(void);

/* Nobody may be in it any more. */
void sb_waiters_free(sb_waiters *waiters);

/* Only from a callback of the connection. Suspends it until the monotonic
** time `until` (INFINITY: until released). False where the lot is closed:
** the caller gives up the request. */
bool sb_waiters_add(sb_waiters *waiters, sb_waiter *waiter,
                  struct MHD_Connection *connection, double until);

/* Gives up who waits without end, or everybody and who is to come. */
void sb_waiters_release(sb_waiters *waiters);
void sb_waiters_close(sb_waiters *waiters);

#endif
