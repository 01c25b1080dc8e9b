/*
** The state machine of all transfers of an engine: which is in which state,
** when the next one may start, and what the end of an attempt leads to.
**
**   built -> queued -> active -> done
**                ^        |
**                +-paused-+     (a repeat; co_pause goes paused -> done)
**
** Pure: no network, no clock; the caller brings the time (co_clock_now) and
** seeds the random numbers. The engine alone calls it, and carries out what
** it decides. A transfer is in the queue of its state from co_schedule_add
** or _pause until co_schedule_remove; the counters of the limiter always
** agree with the queue of active ones.
*/
#ifndef CO_SCHEDULE_H
#define CO_SCHEDULE_H

#include <stdint.h>

#include "core/limiter.h"
#include "core/queue.h"

typedef struct co_schedule {
  co_queue queues[CO_DONE + 1];  /* by state */
  int pending;                   /* transfers that are not done */
  double deadline;               /* seconds for an operation */
  co_retry_policy policy;
  co_limiter limiter;
  int unreached;                 /* attempts in a row that found no server */
  double unreached_since;        /* time of the first of them */
  uint64_t random;               /* state of the generator; never 0 */
} co_schedule;

void co_schedule_init(co_schedule *schedule, int jobs, double rate,
                      int retries, double deadline, uint64_t seed);

/* Takes a built transfer in, queued. Its deadline runs while it is active, or
** paused, or everybody has to pause; but not while it waits for window and
** pace: that is our own doing and not the server's. */
void co_schedule_add(co_schedule *schedule, co_transfer *transfer, double now);

/* Takes in a co_pause that will be done after so many seconds. */
void co_schedule_pause(co_schedule *schedule, co_transfer *transfer,
                       double seconds, double now);

/* The transfer that may start now, still queued, or NULL. Moves on first
** whatever is due: pauses that are over, deadlines that have passed. */
co_transfer *co_schedule_next(co_schedule *schedule, double now);

/* Makes a queued transfer active: a new attempt begins. */
void co_schedule_start(co_schedule *schedule, co_transfer *transfer,
                       double now);

/* The attempt has ended as transfer->attempt and ->result say. The transfer
** is done, or waits for a repeat. A push-back that did nothing costs it no
** attempt and the budget nothing: it is queued at once, behind the pause that
** the push-back brought for everybody. */
void co_schedule_attempted(co_schedule *schedule, co_transfer *transfer,
                           double now);

/* Ends a transfer that is not done, in whatever state, with a failure. */
void co_schedule_fail(co_schedule *schedule, co_transfer *transfer,
                      co_kind kind, co_outcome outcome, const char *message,
                      double now);

/* Takes a done transfer out for good. */
void co_schedule_remove(co_schedule *schedule, co_transfer *transfer);

/* The time of the next change that needs no answer from the network;
** INFINITY: there is none. */
double co_schedule_due(const co_schedule *schedule, double now);

/* Whether the last ten attempts in a row found no server, for longer than a
** restart takes where there are retries; or every attempt was pushed back for
** as long as an operation may last. Nothing is repeated until one succeeds. */
bool co_schedule_unreachable(const co_schedule *schedule, double now);

#endif
