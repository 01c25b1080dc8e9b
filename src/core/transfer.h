/*
** One operation from its request to its result, over as many attempts as it
** takes.
**
** Who does what: the binding makes a transfer, fills in the request (url,
** body, secrets), submits it to an engine, reads the result once its state is
** CO_DONE, and frees it. Between submission and release the engine alone
** changes it. A transfer belongs to the thread of its engine.
*/
#ifndef CO_TRANSFER_H
#define CO_TRANSFER_H

#include <stdint.h>

#include "core/text/buffer.h"
#include "core/endpoint.h"
#include "core/wire/headers.h"
#include "core/retry.h"

typedef enum co_state {
  CO_BUILT,    /* not submitted */
  CO_QUEUED,   /* may start as soon as the limiter allows it */
  CO_PAUSED,   /* waits for its `start_at` */
  CO_ACTIVE,   /* an attempt is under way */
  CO_DONE      /* `result` is final */
} co_state;

enum { CO_MESSAGE_MAX = 320, CO_RANGE_MAX = 48 };

typedef struct co_result {
  co_kind kind;
  co_outcome outcome;           /* meaningful unless kind is CO_KIND_OK */
  long status;                  /* of the last answer; 0: none came */
  double retry_after;           /* seconds; < 0: none */
  bool stale;                   /* not sent (again): its read is too old */
  char message[CO_MESSAGE_MAX]; /* of a failure, for people; may be empty */
} co_result;

/* The cost of the last attempt. */
typedef struct co_traffic {
  long connections;             /* opened for it */
  int64_t sent, received;       /* bytes on the wire, headers included */
  int64_t microseconds;
} co_traffic;

typedef struct co_engine co_engine;
typedef struct co_transfer co_transfer;

struct co_transfer {
  const co_endpoint *endpoint;
  co_buffer url, body, answer;
  co_buffer secrets;            /* NUL-terminated texts, one after another */
  char range[CO_RANGE_MAX];     /* of a co_read_file: "0-99"; or empty */
  bool plain;                   /* of a co_read_file: its address is http */
  co_result result;
  co_state state;
  bool consumed;                /* set by the binding: the result was read */
  double allowed;               /* seconds until the deadline; 0: as long as
                                ** the engine allows */
  double read_good_for;         /* seconds after submission in which an attempt
                                ** may start, for a transfer made from a read,
                                ** which gets old; 0: no limit */
  /* Only the engine uses the following. */
  co_engine *engine;            /* from submission until release */
  co_transfer *previous, *next;
  void *handle;                 /* the CURL handle of an active transfer */
  co_attempt attempt;
  co_headers headers;           /* of the last answer */
  co_traffic traffic;
  bool lost_answer;             /* an earlier attempt's answer was lost */
  bool http1;                   /* later attempts do not use HTTP/2 */
  int requests;                 /* times that libcurl sent a delete's attempt */
  int level;                    /* in flight when the attempt started */
  double through;               /* the limiter's total when this transfer was
                                ** last pushed back */
  double start_at, started, ended;
  double deadline;              /* while active or paused */
  double left, held;            /* while queued: see co_schedule_add */
  double stale_at;              /* if `read_good_for` is set */
};

/* A new transfer, built without arguments; NULL when memory is out. */
co_transfer *co_transfer_new(const co_endpoint *endpoint, size_t answer_max);

/* Frees a transfer that was never submitted, or was released; NULL is allowed.
** Wipes its buffers, which may have held secrets. */
void co_transfer_free(co_transfer *transfer);

/* Writes the address: the base, then the row's path with the id in place of
** {id}. The caller has checked the id; it is NULL if the path has no {id}. */
void co_transfer_address(co_transfer *transfer, const char *base,
                         const char *id);

/* Adds "name=value", percent-encoded, to the address. */
void co_transfer_query(co_transfer *transfer, const char *name,
                       const char *value, size_t length);

/* Prepares a failed transfer for reading: cuts a long answer, and masks in it
** and in the message the transfer's secrets (after submission also the
** engine's: the token, the keys of earlier creates), users of URLs, and words
** that begin as tokens do. */
void co_transfer_mask(co_transfer *transfer);

/* Sets the result to a failure. The state does not change. */
void co_transfer_fail(co_transfer *transfer, co_kind kind, co_outcome outcome,
                      const char *message);

#endif
