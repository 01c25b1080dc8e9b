/*
** Whether and when a failed attempt is repeated, and what is known of the
** request. Pure: the caller brings time and random numbers, so that every
** decision is a row in a test. Called by the schedule and the handle.
*/
#ifndef CO_RETRY_H
#define CO_RETRY_H

#include <time.h>

#include "core/endpoint.h"
#include "core/failure.h"

typedef struct co_attempt {
  int number;          /* 1 for the first */
  int spent;           /* of these, those that count against `retries` */
  co_repeat repeat;    /* of the operation */
  co_kind kind;        /* how it ended; CO_KIND_OK when it did not fail */
  CURLcode code;
  long status;         /* 0: no answer */
  long proxy_status;   /* a proxy's refusal to connect; 0: none */
  bool unsent;         /* no byte of the request left */
  bool by_gateway;     /* the answer is no JSON: not the API's own */
  double retry_after;  /* seconds the server asked for; < 0: none */
} co_attempt;

typedef struct co_retry_policy {
  int retries;     /* attempts after the first */
  double base;     /* seconds: ceiling of the first pause */
  double ceiling;  /* seconds: no pause is longer by itself */
} co_retry_policy;

/*
** Seconds to wait before the next attempt, or < 0 if there is to be none.
** `left` is what remains until the operation's deadline, `random` in [0, 1).
*/
double co_retry_pause(const co_attempt *attempt, const co_retry_policy *policy,
                      double left, double random);

/* Whether the server said that there are too many requests now: everybody has
** to slow down. */
bool co_attempt_is_push_back(const co_attempt *attempt);

/* Whether the repeat costs the operation no attempt: the attempt may be
** repeated, and was pushed back with nothing done for sure, or by a gateway
** where the operation may be repeated anyway. */
bool co_attempt_is_free(const co_attempt *attempt);

/* What is known of a request whose last attempt ended so. */
co_outcome co_attempt_outcome(const co_attempt *attempt);

/* Seconds named by a Retry-After header (a number or a date), or -1 for
** none that makes sense. */
double co_retry_after(const char *text, time_t now);

#endif
