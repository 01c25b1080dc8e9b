/*
** One operation from request to result, over as many attempts as it takes.
** The binding builds it, the engine carries it out.
*/
#ifndef CO_TRANSFER_H
#define CO_TRANSFER_H

#include "core/buffer.h"
#include "core/endpoint.h"
#include "core/retry.h"

typedef enum co_state {
  CO_BUILT,    /* not submitted */
  CO_QUEUED,   /* may start as soon as there is room */
  CO_PAUSED,   /* waits for its `start_at` */
  CO_ACTIVE,   /* under way */
  CO_DONE
} co_state;

enum { CO_MESSAGE_MAX = 320 };

typedef struct co_result {
  co_kind kind;
  co_outcome outcome;           /* meaningful unless kind is CO_OK */
  long status;                  /* of the last answer; 0: none came */
  double retry_after;           /* seconds; < 0: none */
  char message[CO_MESSAGE_MAX]; /* what the transport said; may be empty */
} co_result;

typedef struct co_engine co_engine;
typedef struct co_transfer co_transfer;

struct co_transfer {
  const co_endpoint *endpoint;
  co_buffer url, body, answer;
  co_buffer secrets;            /* NUL-terminated texts, one after another */
  co_result result;
  co_state state;
  bool taken;                   /* the binding's: its answer is, or was, read */
  /* The engine's own. */
  co_engine *engine;            /* from submission until it is taken */
  co_transfer *previous, *next;
  void *easy;                   /* CURL handle while active */
  co_attempt attempt;
  bool lost_answer;             /* an attempt may have been done unseen */
  double start_at, started, ended, deadline;
};

/* NULL when memory is out. Free with co_transfer_free, in any state. */
co_transfer *co_transfer_new(const co_endpoint *endpoint, size_t answer_max);
void co_transfer_free(co_transfer *transfer);

/* Writes base and the row's path, the id in its place (NULL: it has none;
** the caller has checked it). */
void co_transfer_address(co_transfer *transfer, const char *base,
                         const char *id);

/* Adds "name=value", escaped, to the address. */
void co_transfer_query(co_transfer *transfer, const char *name,
                       const char *value, size_t length);

/* Wipes what is secret, once it was submitted its token too, from its answer
** and its message. */
void co_transfer_mask(co_transfer *transfer);

/* Ends it: what the result says from now on. */
void co_transfer_fail(co_transfer *transfer, co_kind kind, co_outcome outcome,
                      const char *message);

#endif
