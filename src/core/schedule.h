/*
** The state machine of all transfers of an engine: which is in which state,
** when the next one may start, and what the end of an attempt leads to.
**
**   built -> queued -> active -> done
**                ^        |
**                +-paused-+     (a repeat; co_pause goes paused -> done)
**
** Pure: no network, no clock; the caller passes the time (co_clock_now) and
** seeds the random numbers. Only the engine calls it, and carries out its
** decisions. A transfer is in the queue of its state from co_schedule_add or
** _pause until co_schedule_remove. The limiter's in_flight is always the
** length of the queue of active transfers.
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
  double soonest;                /* no queued deadline is sooner, counted in
                                    seconds of pauses: see left and held */
  double nudged;                 /* since when the host is nudged; 0: not */
  int wakes;                     /* wakes of the host since the last nudge or
                                    finished transfer, up to a maximum */
} co_schedule;

void co_schedule_init(co_schedule *schedule, int jobs, double rate,
                      int retries, double deadline, uint64_t seed);

/* Seeds the random numbers again. */
void co_schedule_seed(co_schedule *schedule, uint64_t seed);

/* Queues a built transfer. One that was made from a read (read_good_for) goes
** before the others, since it ends with result.stale once the read is too old.
** The deadline runs while the transfer is active or paused, and while all
** requests pause. It does not run while the transfer waits for window and pace:
** this client causes that wait, not the server. */
void co_schedule_add(co_schedule *schedule, co_transfer *transfer, double now);

/* Adds a co_pause, which will be done after `seconds`. */
void co_schedule_pause(co_schedule *schedule, co_transfer *transfer,
                       double seconds, double now);

/* The transfer that may start now, still queued, or NULL. Ends what is due
** first: pauses that are over, and deadlines that have passed or will pass
** before the pause that the server asked for ends. */
co_transfer *co_schedule_next(co_schedule *schedule, double now);

/* Makes a queued transfer active: a new attempt starts. */
void co_schedule_start(co_schedule *schedule, co_transfer *transfer,
                       double now);

/* Call this when an attempt has ended, with transfer->attempt and ->result
** filled in. The transfer is then done, or waits for a repeat. A free push-back
** (co_attempt_is_free; a 503 only while other requests get through) counts
** neither against `retries` nor the budget: the transfer is queued at once and
** starts after the pause of all requests. */
void co_schedule_attempted(co_schedule *schedule, co_transfer *transfer,
                           double now);

/* Ends a transfer with a failure, in any state but done. */
void co_schedule_fail(co_schedule *schedule, co_transfer *transfer,
                      co_kind kind, co_outcome outcome, const char *message,
                      double now);

/* Removes a done transfer from the schedule. */
void co_schedule_remove(co_schedule *schedule, co_transfer *transfer);

/* Nudges the host since a time: reminders are due, as for a done transfer that
** nobody collects. 0 ends the nudge. */
void co_schedule_nudge(co_schedule *schedule, double since);

/* Counts a wake of the host: reminders become rarer by it. */
void co_schedule_wake(co_schedule *schedule);

/* The time of the next change or reminder that does not depend on the network;
** INFINITY if there is none. */
double co_schedule_due(const co_schedule *schedule, double now);

/* Whether the server is unreachable: the last ten attempts found no server (if
** there are retries, for longer than a restart takes), or every attempt was
** pushed back for as long as an operation may last. Then nothing is repeated
** until the server answers; after push-backs, until a request gets through. */
bool co_schedule_unreachable(const co_schedule *schedule, double now);

#endif
