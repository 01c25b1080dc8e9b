/*
** Connections that wait. They are suspended; a thread of the list resumes a
** connection when its time has come or its client has left. So a thousand
** delayed answers cost the server's thread nothing.
*/
#ifndef SB_WAITERS_H
#define SB_WAITERS_H

#include <microhttpd.h>
#include <stdbool.h>

typedef struct sb_waiters sb_waiters;

/* A waiting connection: a member of the request, linked into the list. */
typedef struct sb_waiter {
  struct sb_waiter *next, *previous;
  struct MHD_Connection *connection;
  double until;
  bool over;           /* the request must end with the wait */
} sb_waiter;

sb_waiters *sb_waiters_new(void);

/* The list must be empty. */
void sb_waiters_free(sb_waiters *waiters);

/* Suspends a connection until the monotonic time `until` (INFINITY: until
** released). Must be called from a callback of the connection. False if the
** list is closed: the caller must end the request. */
bool sb_waiters_add(sb_waiters *waiters, sb_waiter *waiter,
                  struct MHD_Connection *connection, double until);

/* release ends the waits that last until released. close ends all waits and
** refuses later ones. */
void sb_waiters_release(sb_waiters *waiters);
void sb_waiters_close(sb_waiters *waiters);

#endif
