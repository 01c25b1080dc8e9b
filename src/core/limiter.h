/*
** How many requests may be under way, how fast they may start, and how many
** may be repeated. Pure: the caller passes time and random numbers. The
** schedule owns one limiter and reports each start and end to it.
**
** Concurrency (window): starts low, grows with successes, and is halved by
** strain (a time-out, or a 503 that is no push-back). If the server refuses
** only levels above those that got through (a limit of connections), the window
** is cut below the refused level. From then on the limiter tries the next level
** once in a while; the pace stays as it is.
**
** Rate (pace): none until a push-back (429, a gateway's 503) shows that there
** is a limit. The search for it starts at a low pace, grows it fast and halves
** the growth with each push-back. Near the limit a push-back cuts the pace a
** little and some twenty successes grow it back, so that one request in twenty
** is refused; fewer where a push-back costs a long Retry-After. Far
** above the limit, push-backs cost much of the pace, and that part is cut. The
** longer nothing is refused, the faster the pace grows, until the limit is
** forgotten.
**
** Pause (hold): a push-back stops all requests, for the server's Retry-After
** or for a jittered time that doubles while nothing gets through. The first
** pause is short, a small part of the time between two requests.
**
** The limiter keeps what it learned as long as the client lives. At all times
** 1 <= window <= jobs and 0 <= in_flight.
*/
#ifndef CO_LIMITER_H
#define CO_LIMITER_H

#include <stdbool.h>

typedef enum co_strain {
  CO_CALM,      /* the request got through */
  CO_STRAINED,  /* the server is overloaded */
  CO_NEITHER    /* the end says nothing about the server */
} co_strain;

typedef struct co_limiter {
  int jobs;            /* never more than this many in flight */
  int in_flight;
  double window;       /* requests allowed in flight now */
  double calm;         /* below this each success grows the window by one */
  double patience;     /* above `calm`: successes until it grows by one */
  double full_at;      /* last time that the whole window was in use */
  double cut_at;       /* time of the last cut of the window */
  int level;           /* highest level that got through since pushed_at */
  int level_before;    /* the same before pushed_at; forgotten step by step */
  double rate;         /* requests a second, configured; 0: no limit */
  double pace;         /* the same, learned; INFINITY: no limit is known */
  double limit;        /* the pace that was refused last; 0: none */
  double growth;       /* the part of the pace that a success adds to it */
  double started_last; /* time of the last start */
  double next_start;   /* earliest start by rate and pace */
  double pushed_at;    /* time of the last push-back */
  double through;      /* successes since pushed_at */
  double lost;         /* intervals of the pace that push-backs have cost
                       ** since the last success */
  double lost_usual;   /* the moving average of `lost` */
  double search_from;  /* time of the first push-back */
  int pushes;          /* push-backs since the last success */
  double pushed_since; /* time of the first of these push-backs */
  double total;        /* successes ever */
  double held_from;    /* start of the last pause of all requests */
  double held_until;   /* its end */
  double held_before;  /* seconds of all pauses before that one */
  double budget;       /* repeats that may still be made */
} co_limiter;

void co_limiter_init(co_limiter *limiter, int jobs, double rate);

/* Seconds until a request may start; 0: now; < 0: only after one has ended. */
double co_limiter_delay(const co_limiter *limiter, double now);

/* Counts a start. Returns the request's level: how many are in flight now,
** this one included. */
int co_limiter_start(co_limiter *limiter, double now);

/* Counts the end of a request that started at `started`, at `level`. */
void co_limiter_end(co_limiter *limiter, co_strain strain, double started,
                    int level, double now);

/* Counts the end of a request that was pushed back: the server has too many
** requests. `seconds`: its Retry-After; <= 0: none. */
void co_limiter_push_back(co_limiter *limiter, double started, int level,
                          double seconds, double random, double now);

/* Pauses all requests for `seconds`, or prolongs the pause under way. */
void co_limiter_hold(co_limiter *limiter, double seconds, double now);

/* The sum of all pauses so far, in seconds. */
double co_limiter_held(const co_limiter *limiter, double now);

/* Takes one repeat out of the budget. False: the budget is empty (most requests
** fail), so nothing is to be repeated. */
bool co_limiter_spend_repeat(co_limiter *limiter);

#endif
