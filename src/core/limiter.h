/*
** How many requests may be under way, how fast they may start, and how many
** may be repeated: additive growth, halving when the server shows strain.
** Pure: the caller brings the time.
*/
#ifndef CO_LIMITER_H
#define CO_LIMITER_H

#include <stdbool.h>

typedef struct co_limiter {
  int jobs;            /* never more than this many in flight */
  int in_flight;
  double window;       /* in flight now allowed */
  double calm;         /* below this the window grows by one a success */
  double full_at;      /* last time that the whole window was in use */
  double cut_at;       /* time of the last halving */
  double held_until;   /* a server's Retry-After: no one starts before */
  double rate;         /* requests a second; 0: any */
  double next_start;   /* earliest start by the rate */
  double budget;       /* repeats that may still be made */
} co_limiter;

typedef enum co_strain { CO_CALM, CO_STRAINED, CO_NEITHER } co_strain;

void co_limiter_init(co_limiter *limiter, int jobs, double rate);

/* Seconds until a request may start: 0 now, < 0 not before one ends. */
double co_limiter_delay(const co_limiter *limiter, double now);

void co_limiter_start(co_limiter *limiter, double now);

/* One that started at `started` has ended. */
void co_limiter_end(co_limiter *limiter, co_strain strain, double started,
                    double now);

/* Nobody starts for that many seconds. */
void co_limiter_hold(co_limiter *limiter, double seconds, double now);

/* Takes one repeat out of the budget; false: a storm, make no more. */
bool co_limiter_take_repeat(co_limiter *limiter);

#endif
