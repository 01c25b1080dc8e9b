/*
** How a request can fail: the kinds that callers act on, and the outcomes,
** which say whether the request was done. Pure tables map HTTP statuses and
** libcurl's codes to kinds. The names are those of err.kind and err.outcome in
** Lua; the reference documents them.
*/
#ifndef CO_FAILURE_H
#define CO_FAILURE_H

#include <curl/curl.h>
#include <stdbool.h>

typedef enum co_kind {
  CO_KIND_OK,
  CO_KIND_INVALID,     /* 400: the server did not understand the request */
  CO_KIND_AUTH,        /* 401, 403 */
  CO_KIND_MISSING,     /* 404 */
  CO_KIND_REJECTED,    /* any other 4xx, but 408 (a time-out) */
  CO_KIND_THROTTLED,   /* 429 */
  CO_KIND_SERVER,      /* 5xx */
  CO_KIND_REDIRECT,    /* 3xx: never followed */
  CO_KIND_NETWORK,     /* no connection, or a broken one */
  CO_KIND_TIMEOUT,
  CO_KIND_TLS,
  CO_KIND_DECODE,      /* the answer is not one of this API */
  CO_KIND_CANCELLED,
  CO_KIND_CLOSED,
  CO_KIND_DRY_RUN,
  CO_KIND_MEMORY
} co_kind;

/* Whether the server did what a failed request asked for. */
typedef enum co_outcome {
  CO_OUTCOME_NOT_SENT,  /* no server can have processed the request */
  CO_OUTCOME_REJECTED,  /* the server answered that it did not do it */
  CO_OUTCOME_UNKNOWN    /* the server may have done it */
} co_outcome;

/* The name in err.kind: "auth", "network", … */
const char *co_kind_name(co_kind kind);

/* The name in err.outcome: "not_sent", "rejected" or "unknown". */
const char *co_outcome_name(co_outcome outcome);

co_kind co_kind_of_status(long status);
co_kind co_kind_of_code(CURLcode code);

/* True for codes that mean: no server can have read the request. */
bool co_code_is_unsent(CURLcode code);

#endif
