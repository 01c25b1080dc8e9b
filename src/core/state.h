/*
** What engine.c (the loop) and attempt.c (one attempt of one transfer) share,
** and nobody else.
*/
#ifndef CO_STATE_H
#define CO_STATE_H

#include <sys/types.h>

#include "core/easy.h"
#include "core/engine.h"
#include "core/list.h"
#include "core/pollset.h"
#include "core/sockets.h"

struct co_engine {
  co_address address;
  co_easy_base base;
  co_retry_policy policy;
  double timeout, deadline;
  size_t answer_max;
  bool dry_run;
  bool watched;        /* somebody polls the descriptor */
  bool shut;           /* takes nothing in any more */
  pid_t owner;         /* the process whose connections these are */
  bool inherited;      /* they were the parent's; shut */
  CURLM *multi;
  co_pollset set;      /* what a host polls */
  co_sockets sockets;  /* in it */
  double curl_due;     /* when libcurl wants to be called; INFINITY: never */
  CURL **idle;         /* handles at rest, at most `jobs` */
  int idle_count;
  co_list lists[CO_DONE + 1]; /* by state */
  int pending;
  int unreached;       /* attempts in a row that found no server */
  double unreached_since; /* of the first of them */
  uint64_t random;
  co_limiter limiter;
  co_record record;
  co_buffer secrets;
};

double co_clock(void);

/* From its list into that of the state. */
void co_put(co_engine *engine, co_transfer *transfer, co_state state);
void co_move(co_engine *engine, co_transfer *transfer, co_state state);

/* Done, with its result as it stands. */
void co_finish(co_engine *engine, co_transfer *transfer);

/* Done, with that failure. */
void co_fail(co_engine *engine, co_transfer *transfer, co_kind kind,
             const char *message);

/* Sends it now. */
void co_attempt_start(co_engine *engine, co_transfer *transfer, double now);

/* libcurl has done with the handle: the transfer is done, or tried again. */
void co_attempt_end(co_engine *engine, CURL *easy, CURLcode code);

/* Takes an active transfer's handle away before libcurl is done. In a child
** of fork() the handle is left alone. */
void co_attempt_drop(co_engine *engine, co_transfer *transfer);

/* One (or every) transfer that is not done: done, with that failure. */
void co_end(co_engine *engine, co_transfer *transfer, co_kind kind,
            const char *message);
void co_end_all(co_engine *engine, co_kind kind, const char *message);

/* Every way into the engine from outside begins so: a child of fork() has no
** connections, and a client that is shut. */
void co_notice_fork(co_engine *engine);

/* What a shut engine says to a new transfer. */
const char *co_why_shut(const co_engine *engine);

#endif
