/*
** Whether and when a failed attempt is repeated, and the outcome of the
** request. Pure: the caller passes time and random numbers, so that a test can
** list every decision as a row. Called by the schedule and the handle.
*/
#ifndef CO_RETRY_H
#define CO_RETRY_H

#include <time.h>

#include "core/endpoint.h"
#include "core/failure.h"

typedef struct co_attempt {
  int number;          /* 1 for the first */
  int spent;           /* attempts that count against `retries` */
  co_repeat repeat;    /* of the operation */
  co_kind kind;        /* how it ended; CO_KIND_OK when it did not fail */
  CURLcode code;
  long status;         /* 0: no answer */
  long proxy_status;   /* a proxy's refusal to connect; 0: none */
  bool proxy_final;    /* a SOCKS proxy refused to connect, and will again */
  bool unsent;         /* no server can have processed the request */
  bool by_gateway;     /* the answer is not JSON, so not the API's own */
  double retry_after;  /* seconds the server asked for; < 0: none */
} co_attempt;

typedef struct co_retry_policy {
  int retries;     /* attempts after the first */
  double base;     /* seconds: ceiling of the first pause */
  double ceiling;  /* seconds: longest pause without a Retry-After */
} co_retry_policy;

/*
** Seconds to wait before the next attempt, or < 0 if there is to be none.
** `left` is what remains until the operation's deadline, `random` in [0, 1).
*/
double co_retry_pause(const co_attempt *attempt, const co_retry_policy *policy,
                      double left, double random);

/* Whether the server pushed back: it has too many requests now, and all
** transfers must slow down. */
bool co_attempt_is_push_back(const co_attempt *attempt);

/* Whether the repeat does not count against `retries`: the attempt may be
** repeated, and either the status is 429, or a gateway answered 503 and the
** operation is safe to repeat. */
bool co_attempt_is_free(const co_attempt *attempt);

/* The outcome of a request with this as its last attempt. */
co_outcome co_attempt_outcome(const co_attempt *attempt);

/* The seconds of a Retry-After header (a number or a date); -1 if the text is
** neither. */
double co_retry_after(const char *text, time_t now);

#endif
