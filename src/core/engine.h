/*
** The engine: carries out any number of transfers over one libcurl multi
** handle, seen from outside as one pollable descriptor. It never blocks but
** in co_engine_step, calls nobody back, and knows no thread but its own. In a
** child of fork() it is shut, without a trace in the parent.
*/
#ifndef CO_ENGINE_H
#define CO_ENGINE_H

#include "core/address.h"
#include "core/limiter.h"
#include "core/record.h"
#include "core/transfer.h"

typedef struct co_config {
  co_address address;
  const char *token;        /* copied */
  const char *user_agent;   /* copied */
  const char *ca_file;      /* copied; NULL: the system's trust */
  double timeout;           /* seconds for one attempt */
  double connect_timeout;   /* seconds until a connection stands */
  double deadline;          /* seconds for an operation, all attempts */
  int retries;              /* attempts after the first */
  int jobs;                 /* most in flight */
  double rate;              /* requests a second; 0: any */
  size_t answer_max;        /* bytes, decompressed */
  bool dry_run;             /* no request that writes leaves */
  bool trace;               /* the record keeps a line an attempt */
} co_config;

/* NULL with errno set when the system gives no memory or descriptor. */
co_engine *co_engine_new(const co_config *config);

/* Cancels what is not done and closes all connections. Only the descriptor
** stays, for whoever polls it: it is readable now. What is submitted later
** is done at once, with `closed`. */
void co_engine_shut(co_engine *engine);

/* That, and releases all; the transfers stay readable. */
void co_engine_free(co_engine *engine);

/* Takes a built transfer in; the caller keeps it alive and frees it. It may
** be done at once (dry run, memory). */
void co_engine_submit(co_engine *engine, co_transfer *transfer);

/* Takes in a co_pause that is done after so many seconds. */
void co_engine_pause(co_engine *engine, co_transfer *transfer, double seconds);

/* Waits at most so many seconds (< 0: until something happens) for the
** network and does what is due. A signal ends the wait. */
void co_engine_step(co_engine *engine, double seconds);

/* Ends one (or every) submitted transfer that is not done, with `cancelled`;
** the engine has forgotten it then. */
void co_transfer_cancel(co_transfer *transfer);
void co_engine_cancel_all(co_engine *engine);

/* A transfer that is done and was not taken yet, or NULL. Until each is
** taken the engine keeps waking whoever polls it, so that none is overlooked:
** at once, and ever less often when that does not help. */
co_transfer *co_engine_completed(co_engine *engine);
void co_transfer_take(co_transfer *transfer);

/* What an event loop needs: poll `fd` for reading and call step when it is
** readable, which it also is when something is due. That will be so after
** `timeout` seconds (< 0: nothing is). */
int co_engine_fd(co_engine *engine);
double co_engine_timeout(co_engine *engine);

/* Makes the descriptor readable until the next step: something has changed
** that only those who poll it can tell the meaning of. */
void co_engine_nudge(co_engine *engine);

/* Transfers that are not done. */
int co_engine_pending(const co_engine *engine);

/* Whether the last ten attempts in a row found no server, for longer than a
** restart takes where there are retries: nothing is tried again until one
** does. */
bool co_engine_unreachable(const co_engine *engine);

const co_address *co_engine_address(const co_engine *engine);
co_record *co_engine_record(co_engine *engine);
const co_limiter *co_engine_limiter(const co_engine *engine);
size_t co_engine_answer_max(const co_engine *engine);

#endif
