/*
** The engine: carries out any number of transfers over one libcurl multi
** handle, seen from outside as one pollable descriptor. The binding makes one
** for each client.
**
** What must hold:
** - Only co_engine_step and co_engine_issuer block. The engine has no
**   callbacks.
** - An engine belongs to the thread that made it. Engines share nothing but
**   libcurl's global state, so each thread may have its own.
** - The engine writes to a submitted transfer until it is collected or
**   released; the caller keeps the transfer alive that long.
** - In a child of fork() the engine works, over connections of its own: it
**   abandons the parent's without touching them. Transfers that were submitted
**   before the fork (pauses excepted) end in the child with `closed`, outcome
**   unknown: the parent goes on with them. The child's descriptor is a new one:
**   the host asks for it again.
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
  const char *ca_folder;    /* copied; hashed, or NULL. Both NULL: the system */
  const char *client_cert;  /* copied; PEM, or NULL for none */
  const char *client_key;   /* copied; NULL if client_cert holds it */
  double timeout;           /* seconds for one attempt */
  double connect_timeout;   /* seconds for connecting */
  double deadline;          /* seconds for an operation, all attempts */
  int retries;              /* attempts after the first */
  int jobs;                 /* most requests in flight */
  double rate;              /* requests a second; 0: no limit */
  size_t answer_max;        /* bytes, decompressed */
  bool dry_run;             /* no request that writes leaves */
  bool trace;               /* the activity keeps a line for each attempt */
} co_config;

/* A new engine; NULL with errno set when memory or descriptors are out. */
co_engine *co_engine_new(const co_config *config);

/* Cancels every transfer that is not done and closes all connections. The
** descriptor stays open for a host that polls it, and is readable now. A
** transfer submitted later is done at once, with `closed`. */
void co_engine_shut(co_engine *engine);

/* Shuts the engine and frees it. Its transfers are released: they stay
** readable, and their owner frees them. NULL is allowed. */
void co_engine_free(co_engine *engine);

/* Submits a built transfer. It may be done at once (dry run, no memory). */
void co_engine_submit(co_engine *engine, co_transfer *transfer);

/* Submits a co_pause, which is done after `seconds`. */
void co_engine_pause(co_engine *engine, co_transfer *transfer, double seconds);

/* A dry run that can be switched off again: while on, a transfer that writes
** is done at once, with `dry_run`. An engine made with dry_run never writes,
** whatever is set here. */
void co_engine_set_dry_run(co_engine *engine, bool on);

/* Waits at most `seconds`, and at most a tenth of a second, for the network and
** does what is due. Callers step again until they have what they wait for. A
** signal ends the wait. */
void co_engine_step(co_engine *engine, double seconds);

/* Ends a submitted transfer with `cancelled`, unless it is done. It stays with
** the engine until it is collected or released. */
void co_engine_cancel(co_transfer *transfer);
void co_engine_cancel_all(co_engine *engine);

/* Cancels all transfers whose current attempt cannot have changed anything:
** those that read, and those that have sent nothing (queued, waiting for a
** repeat or not connected yet). Writes under way and each co_pause go on. */
void co_engine_cancel_harmless(co_engine *engine);

/* Releases a done transfer and returns it; NULL if there is none. The engine
** wakes the host that polls it until every done transfer is collected: at
** once, then less and less often. */
co_transfer *co_engine_collect(co_engine *engine);

/* Releases a transfer from its engine; cancels it first unless it is done.
** Does nothing for a transfer that was not submitted or was released. */
void co_engine_release(co_transfer *transfer);

/* For event loops: poll the descriptor for reading and call step when it is
** readable. It is also readable when something is due, which is in
** co_engine_timeout seconds (< 0: nothing is). While the engine has no transfer
** it is not readable, whatever the server does, until the engine is shut. */
int co_engine_fd(co_engine *engine);
double co_engine_timeout(co_engine *engine);

/* Switches a nudge of the host's loop on or off. While it is on, the descriptor
** is readable, whoever steps: at once, then less and less often. */
void co_engine_nudge(co_engine *engine, bool on);

/* Reads the authority of the certificate that the server shows, trusted or not;
** blocks while it connects. See co_issuer_read. */
bool co_engine_issuer(co_engine *engine, char *text, size_t size);

/* Whether no server answers any more: see co_schedule_unreachable. */
bool co_engine_unreachable(const co_engine *engine);

const co_address *co_engine_address(const co_engine *engine);
co_activity *co_engine_activity(co_engine *engine);
const co_limiter *co_engine_limiter(const co_engine *engine);
size_t co_engine_answer_max(const co_engine *engine);

#endif
