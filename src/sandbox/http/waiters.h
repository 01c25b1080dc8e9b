/*
** Connections that wait. A request is suspended; a thread of the list resumes
** it when its time has come or its client has gone. A thousand delayed answers
** cost the server's thread nothing.
*/
#ifndef SB_WAITERS_H
#define SB_WAITERS_H

#include <microhttpd.h>
#include <stdbool.h>

typedef struct sb_waiters sb_waiters;

/* One that waits: a member of the request, linked into the list. */
typedef struct sb_waiter {
  struct sb_waiter *next, *previous;
  struct MHD_Connection *connection;
  double until;
  bool over;           /* what ended the wait ends the request too */
} sb_waiter;

sb_waiters *sb_waiters_new(void);

/* The list must be empty. */
void sb_waiters_free(sb_waiters *waiters);

/* Only from a callback of the connection. Suspends it until the monotonic
** time `until` (INFINITY: until released). False where the list is closed:
** the caller gives up the request. */
bool sb_waiters_add(sb_waiters *waiters, sb_waiter *waiter,
                  struct MHD_Connection *connection, double until);

/* Ends the waits that have no end, or all waits and those to come. */
void sb_waiters_release(sb_waiters *waiters);
void sb_waiters_close(sb_waiters *waiters);

#endif
