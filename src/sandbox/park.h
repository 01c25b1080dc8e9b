/*
** Connections that wait: a request is set aside, and a thread of its own
** takes it up again when its time has come or its client has gone. So a
** thousand delayed answers cost the server's thread nothing.
*/
#ifndef SB_PARK_H
#define SB_PARK_H

#include <microhttpd.h>
#include <stdbool.h>

typedef struct sb_lot sb_lot;

/* A place in the lot, inside the request that waits. */
typedef struct sb_place {
  struct sb_place *next, *previous;
  struct MHD_Connection *connection;
  double until;
  bool over;           /* what ended the wait ends the request too */
} sb_place;

sb_lot *sb_lot_new(void);

/* Nobody may be in it any more. */
void sb_lot_free(sb_lot *lot);

/* Only from a callback of the connection. Suspends it until the monotonic
** time `until` (INFINITY: until released). False where the lot is closed:
** the caller gives up the request. */
bool sb_lot_enter(sb_lot *lot, sb_place *place,
                  struct MHD_Connection *connection, double until);

/* Gives up who waits without end, or everybody and who is to come. */
void sb_lot_release(sb_lot *lot);
void sb_lot_close(sb_lot *lot);

#endif
