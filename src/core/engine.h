/*
** The engine: carries out any number of transfers over one libcurl multi
** handle, seen from outside as one pollable descriptor. The binding makes one
** for each client.
**
** What always holds:
** - It never blocks but in co_engine_step, and calls nobody back.
** - It belongs to one thread, the one that made it; engines share nothing
**   but libcurl's global state, so each thread may have its own.
** - A submitted transfer stays with its engine, which writes to it, until it
**   is collected or released; the caller keeps it alive that long.
** - In a child of fork() it is shut: it ends what was under way as `closed`
**   and leaves the parent's connections untouched.
** - With dry_run no request that writes leaves the process.
*/
#ifndef CO_ENGINE_H
#define CO_ENGINE_H

#include "core/activity.h"
#include "core/wire/address.h"
#include "core/limiter.h"
#include "core/transfer.h"

typedef struct co_config {
  co_address address;
  const char *token;        /* copied */
  const char *user_agent;   /* copied */
  const char *ca_file;      /* copied; PEM, or NULL */
  const char *ca_folder;    /* copied; hashed, or NULL. Neither: the system's */
  const char *client_cert;  /* copied; PEM, or NULL: none is shown */
  const char *client_key;   /* copied; or NULL: it is in client_cert */
  double timeout;           /* seconds for one attempt */
  double connect_timeout;   /* seconds until a connection stands */
  double deadline;          /* seconds for an operation, all attempts */
  int retries;              /* attempts after the first */
  int jobs;                 /* most in flight */
  double rate;              /* requests a second; 0: any */
  size_t answer_max;        /* bytes, decompressed */
  bool dry_run;             /* no request that writes leaves */
  bool trace;               /* the activity keeps a line for each attempt */
} co_config;

/* NULL with errno set when the system gives no memory or descriptor. */
co_engine *co_engine_new(const co_config *config);

/* Cancels what is not done and closes all connections. Only the descriptor
** stays, for whoever polls it, and is readable now. What is submitted later
** is done at once, with `closed`. */
void co_engine_shut(co_engine *engine);

/* Shuts it and frees all it has. Its transfers are released: they stay
** readable, and their owner frees them. NULL is let pass. */
void co_engine_free(co_engine *engine);

/* Takes a built transfer in. It may be done at once (dry run, no memory). */
void co_engine_submit(co_engine *engine, co_transfer *transfer);

/* Takes in a co_pause that is done after so many seconds. */
void co_engine_pause(co_engine *engine, co_transfer *transfer, double seconds);

/* A dry run that can be switched off again: while held, what writes is done
** at once. One made with dry_run never writes, whatever is said here. */
void co_engine_hold_writes(co_engine *engine, bool held);

/* Waits at most so many seconds (< 0: until something happens) for the
** network and does what is due. A signal ends the wait. */
void co_engine_step(co_engine *engine, double seconds);

/* Ends one submitted transfer (or all of an engine) with `cancelled`, unless
** it is done. It stays with the engine, done. */
void co_engine_cancel(co_transfer *transfer);
void co_engine_cancel_all(co_engine *engine);

/* The same for all of which nothing has left (any more): they are queued,
** paused, or not connected yet. Those under way go on. */
void co_engine_cancel_unsent(co_engine *engine);

/* A done transfer, which is no longer the engine's from now on; NULL: there
** is none. Until each is collected the engine keeps waking whoever polls it,
** so that none is overlooked: at once, then ever less often. */
co_transfer *co_engine_collect(co_engine *engine);

/* Takes a transfer from its engine, cancelled first unless it is done. Does
** nothing for a transfer that no engine has. */
void co_engine_release(co_transfer *transfer);

/* For event loops: poll the descriptor for reading and call step when it is
** readable, which it also is when something is due. That will be so after
** `timeout` seconds (< 0: nothing is). */
int co_engine_fd(co_engine *engine);
double co_engine_timeout(co_engine *engine);

/* Makes the descriptor readable until the next step, to wake those who poll
** it for a reason of their own. */
void co_engine_nudge(co_engine *engine);

/* Whether no server has answered for a while: see co_schedule_unreachable. */
bool co_engine_unreachable(const co_engine *engine);

const co_address *co_engine_address(const co_engine *engine);
co_activity *co_engine_activity(co_engine *engine);
const co_limiter *co_engine_limiter(const co_engine *engine);
size_t co_engine_answer_max(const co_engine *engine);

#endif
