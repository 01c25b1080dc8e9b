/*
** How many requests may be under way, how fast they may start, and how many
** may be repeated. Pure: the caller brings time and random numbers. The
** schedule owns one and tells it of each start and end.
**
** Concurrency (window): begins low, grows by successes, is halved by strain
** (a time-out) and cut below the level that was refused when only higher
** levels than those that got through are refused (a limit of connections).
**
** Rate (pace): none until a push-back (429, a gateway's 503) shows that there
** is a limit. The limit is estimated from what got through since the last
** push-back and from the pace that was refused. The pace starts below it and
** grows by successes, the more slowly the more often the same limit was met.
** Far above the last known limit the limit is forgotten.
**
** Pause (hold): a push-back stops everybody, for as long as the server says,
** or for a moment that doubles while nothing gets through; jittered.
**
** What was learned stays as long as the limiter, which is as long as the
** client. At all times 1 <= window <= jobs and 0 <= in_flight.
*/
#ifndef CO_LIMITER_H
#define CO_LIMITER_H

#include <stdbool.h>

typedef enum co_strain {
  CO_CALM,      /* it got through */
  CO_STRAINED,  /* the server shows that it has too much to do */
  CO_NEITHER    /* it says nothing about the server */
} co_strain;

typedef struct co_limiter {
  int jobs;            /* never more than this many in flight */
  int in_flight;
  double window;       /* in flight now allowed */
  double calm;         /* below this the window grows by one a success */
  double patience;     /* above it: successes until it grows by one */
  double full_at;      /* last time that the whole window was in use */
  double cut_at;       /* time of the last cut of the window */
  int level;           /* most in flight when one that got through started, */
  int level_before;    /* since the last push-back, and before that */
  double rate;         /* requests a second; 0: any */
  double pace;         /* the same, learned; INFINITY: no limit is known */
  double limit;        /* the last limit that was measured; 0: none */
  double growth;       /* of the pace, a success */
  double next_start;   /* earliest start by rate and pace */
  double pushed_at;    /* time of the last push-back */
  double sample_from;  /* the same, or when sending began after a rest */
  double through;      /* successes since then */
  double ended_at;     /* time of the last end */
  int pushes;          /* push-backs since the last success */
  double pushed_since; /* time of the first of them */
  double total;        /* successes ever */
  double held_from;    /* the last pause for everybody */
  double held_until;
  double held_before;  /* seconds of all pauses before that */
  double budget;       /* repeats that may still be made */
} co_limiter;

void co_limiter_init(co_limiter *limiter, int jobs, double rate);

/* Seconds until a request may start: 0 now, < 0 not before one ends. */
double co_limiter_delay(const co_limiter *limiter, double now);

/* Returns how many are in flight now, this one included: its level. */
int co_limiter_start(co_limiter *limiter, double now);

/* One that started at that time, at that level, has ended. */
void co_limiter_end(co_limiter *limiter, co_strain strain, double started,
                    int level, double now);

/* The same for one that was pushed back: nothing was done, there are too many
** requests. `seconds`: what the server asks for; <= 0: it does not say. */
void co_limiter_push_back(co_limiter *limiter, double started, int level,
                          double seconds, double random, double now);

/* Nobody starts for that many seconds. */
void co_limiter_hold(co_limiter *limiter, double seconds, double now);

/* Seconds up to now in which nobody was allowed to start. */
double co_limiter_held(const co_limiter *limiter, double now);

/* Takes one repeat out of the budget; false: most of what is sent fails, make
** no more. */
bool co_limiter_take_repeat(co_limiter *limiter);

#endif
