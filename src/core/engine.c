/*
** The engine carries out the decisions of the schedule over the transport and
** counts them in the activity. Every public function that acts begins with
** check_fork.
*/
#include "core/engine.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <sys/random.h>

#include "core/clock.h"
#include "core/forks.h"
#include "core/schedule.h"
#include "core/text/secret.h"
#include "core/wire/issuer.h"
#include "core/wire/proxy.h"
#include "core/wire/transport.h"

enum { SECRETS_MAX = 16 * 1024 };

static const char *const forked_message =
  "the process forked while this was under way: the parent goes on with it";

struct co_engine {
  co_address address;
  co_schedule schedule;
  co_transport transport;
  co_activity activity;
  co_buffer secrets;   /* the token, and the keys of all creates */
  double timeout;
  size_t answer_max;
  bool dry_run;             /* from the configuration: never switched off */
  bool dry_run_on;          /* a dry run that can be switched off */
  bool watched;        /* the host polls the descriptor */
  bool shut;           /* accepts no transfer any more */
  int forks;           /* co_forks() when the connections were opened */
};


/* Ending transfers early ------------------------------------------------- */

/* Whether a byte of the transfer's current attempt may have been sent. */
static bool is_sent(const co_transfer *t) {
  return t->state == CO_ACTIVE && co_transport_has_sent(t);
}


static void end_transfer(co_engine *engine, co_transfer *t, co_kind kind,
                         const char *message) {
  bool sent = is_sent(t);
  if (t->state == CO_ACTIVE) co_transport_drop(&engine->transport, t);
  co_schedule_fail(&engine->schedule, t, kind,
                   sent ? CO_OUTCOME_UNKNOWN : CO_OUTCOME_NOT_SENT, message,
                   co_clock_now());
}


static void end_all(co_engine *engine, co_kind kind, const char *message) {
  for (int state = CO_QUEUED; state < CO_DONE; state++)
    while (engine->schedule.queues[state].first != NULL)
      end_transfer(engine, engine->schedule.queues[state].first, kind,
                   message);
}


/* fork() ------------------------------------------------------------------ */

static uint64_t random_seed(void) {
  uint64_t seed;
  bool filled = getentropy(&seed, sizeof seed) == 0;
  return filled ? seed : (uint64_t)(co_clock_now() * 1e9);
}


/* Ends a transfer in the child: the parent carries it out, and its outcome is
** not known here. */
static void leave_to_parent(co_engine *engine, co_transfer *t, double now) {
  t->handle = NULL;
  co_schedule_fail(&engine->schedule, t, CO_KIND_CLOSED, CO_OUTCOME_UNKNOWN,
                   forked_message, now);
}


/* In a child of fork(): drops the parent's connections, and ends the transfers
** submitted before the fork. A pause goes on. */
static void leave_parent(co_engine *engine) {
  double now = co_clock_now();
  engine->forks = co_forks();
  co_schedule_seed(&engine->schedule, random_seed());
  if (!co_transport_forget(&engine->transport)) engine->shut = true;
  for (int state = CO_QUEUED; state < CO_DONE; state++) {
    co_transfer *next;
    for (co_transfer *t = engine->schedule.queues[state].first; t; t = next) {
      next = t->next;
      if (t->endpoint != &co_pause) leave_to_parent(engine, t, now);
    }
  }
}


static void check_fork(co_engine *engine) {
  if (engine->forks != co_forks()) leave_parent(engine);
}


/* The loop --------------------------------------------------------------- */

/* Seconds. A signal that comes just before a wait does not end the wait, so
** Lua may notice the signal this much later. */
static const double longest_wait = 0.1;


static void start_attempt(co_engine *engine, co_transfer *t, double now) {
  co_schedule_start(&engine->schedule, t, now);
  co_activity_start(&engine->activity, t->attempt.number > 1);
  if (co_transport_send(&engine->transport, t,
                        fmin(engine->timeout, t->deadline - now))) return;
  co_schedule_fail(&engine->schedule, t, CO_KIND_MEMORY, CO_OUTCOME_NOT_SENT,
                   "no memory for a request", now);
}


static void start_due(co_engine *engine) {
  double now = co_clock_now();
  co_transfer *t;
  while ((t = co_schedule_next(&engine->schedule, now)) != NULL)
    start_attempt(engine, t, now);
}


static void collect_ended(co_engine *engine) {
  co_transfer *t;
  while ((t = co_transport_ended(&engine->transport)) != NULL) {
    co_activity_end(&engine->activity, t);
    co_schedule_attempted(&engine->schedule, t, co_clock_now());
  }
}


static void recover(co_engine *engine) {
  co_queue *active = &engine->schedule.queues[CO_ACTIVE];
  if (!engine->transport.failed) return;
  while (active->first != NULL)
    end_transfer(engine, active->first, CO_KIND_MEMORY,
                 "no memory to wait for the answer");
  co_transport_renew(&engine->transport);
}


/* Does everything that is due now, without waiting. */
static void advance(co_engine *engine) {
  if (!engine->shut) co_transport_ensure(&engine->transport);
  start_due(engine);
  co_transport_run(&engine->transport);
  collect_ended(engine);
  recover(engine);
}


static double due_time(const co_engine *engine, double now) {
  return fmin(engine->transport.curl_due,
              co_schedule_due(&engine->schedule, now));
}


/* Whether the engine has no transfer, done or not, and no nudge. */
static bool is_idle(const co_engine *engine) {
  const co_schedule *s = &engine->schedule;
  return s->pending == 0 && s->queues[CO_DONE].first == NULL && s->nudged == 0;
}


/* Makes the descriptor readable when something is due; while the engine is
** idle, no timer of libcurl and no closed connection does so. Sets the timer
** only if the host polls the descriptor: the engine's own wait gets the time as
** an argument, and a timer for each request would cost more than the wait. */
static void set_alarm(co_engine *engine) {
  if (!engine->watched) return;
  bool idle = is_idle(engine);
  if (idle) co_sockets_silence(&engine->transport.sockets);
  co_pollset_alarm(&engine->transport.set,
                   idle ? INFINITY : due_time(engine, co_clock_now()));
}


double co_engine_timeout(co_engine *engine) {
  double now = co_clock_now(), when = due_time(engine, now);
  return isinf(when) ? -1 : fmax(when - now, 0);
}


void co_engine_step(co_engine *engine, double seconds) {
  check_fork(engine);
  int before = engine->schedule.pending;
  co_schedule_wake(&engine->schedule);
  advance(engine);
  set_alarm(engine);
  if (before > 0 && engine->schedule.pending == 0) return;  /* all are done */
  if (seconds < 0 || seconds > longest_wait) seconds = longest_wait;
  double due = co_engine_timeout(engine);
  if (due >= 0 && due < seconds) seconds = due;
  if (engine->schedule.pending < before) seconds = 0;
  co_transport_wait(&engine->transport, seconds);
  collect_ended(engine);
  recover(engine);
  advance(engine);
  set_alarm(engine);
}


/* Transfers -------------------------------------------------------------- */

/* Ends a submitted transfer that must not or cannot be sent. */
static void check_submitted(co_engine *engine, co_transfer *t) {
  bool starved = t->url.starved || t->body.starved || t->secrets.starved;
  bool broken = t->url.broken || t->body.broken || t->secrets.broken;
  if (engine->shut)
    end_transfer(engine, t, CO_KIND_CLOSED, "make a new client");
  else if (starved)
    end_transfer(engine, t, CO_KIND_MEMORY, "no memory for the request");
  else if (broken)
    end_transfer(engine, t, CO_KIND_INVALID, "the request is too long");
  else if ((engine->dry_run || engine->dry_run_on) && t->endpoint->writes)
    end_transfer(engine, t, CO_KIND_DRY_RUN, "dry run: nothing was sent");
}


/* Gives the transfer all secrets known so far: its answer may repeat the keys
** of an earlier create. */
void co_engine_submit(co_engine *engine, co_transfer *t) {
  check_fork(engine);
  t->engine = engine;
  co_secret_merge(&engine->secrets, &t->secrets);
  co_buffer_add(&t->secrets, engine->secrets.bytes, engine->secrets.length);
  co_schedule_add(&engine->schedule, t, co_clock_now());
  check_submitted(engine, t);
  set_alarm(engine);
}


void co_engine_pause(co_engine *engine, co_transfer *t, double seconds) {
  check_fork(engine);
  t->engine = engine;
  co_schedule_pause(&engine->schedule, t, seconds, co_clock_now());
  check_submitted(engine, t);
  set_alarm(engine);
}


void co_engine_cancel(co_transfer *t) {
  if (t->engine == NULL) return;
  check_fork(t->engine);
  if (t->state == CO_DONE) return;
  end_transfer(t->engine, t, CO_KIND_CANCELLED, "cancelled");
  set_alarm(t->engine);
}


void co_engine_cancel_all(co_engine *engine) {
  check_fork(engine);
  end_all(engine, CO_KIND_CANCELLED, "cancelled");
  set_alarm(engine);
}


void co_engine_cancel_harmless(co_engine *engine) {
  check_fork(engine);
  for (int state = CO_QUEUED; state < CO_DONE; state++) {
    co_transfer *next;
    for (co_transfer *t = engine->schedule.queues[state].first; t; t = next) {
      next = t->next;
      bool may_have_written = is_sent(t) && t->endpoint->writes;
      if (!may_have_written && t->endpoint != &co_pause)
        end_transfer(engine, t, CO_KIND_CANCELLED, "cancelled");
    }
  }
  set_alarm(engine);
}


void co_engine_release(co_transfer *t) {
  if (t->engine == NULL) return;
  co_engine_cancel(t);
  co_schedule_remove(&t->engine->schedule, t);
  if (is_idle(t->engine) && !t->engine->shut) set_alarm(t->engine);
  t->engine = NULL;
}


co_transfer *co_engine_collect(co_engine *engine) {
  co_transfer *t = engine->schedule.queues[CO_DONE].first;
  if (t != NULL) co_engine_release(t);
  return t;
}


void co_engine_set_dry_run(co_engine *engine, bool on) {
  engine->dry_run_on = on;
}


/* Life ------------------------------------------------------------------- */

static void read_config(co_engine *engine, const co_config *config) {
  engine->address = config->address;
  engine->timeout = config->timeout;
  engine->answer_max = config->answer_max;
  engine->dry_run = config->dry_run;
  co_schedule_init(&engine->schedule, config->jobs, config->rate,
                   config->retries, config->deadline, random_seed());
}


co_engine *co_engine_new(const co_config *config) {
  co_engine *engine = calloc(1, sizeof *engine);
  if (engine == NULL) return NULL;
  engine->forks = co_forks();
  co_activity_init(&engine->activity, config->trace);
  co_buffer_init(&engine->secrets, SECRETS_MAX);
  read_config(engine, config);
  bool fed = co_secret_add_token(&engine->secrets, config->token);
  co_proxy_add_secrets(&engine->secrets);
  if (co_transport_open(&engine->transport, config) && fed) return engine;
  int saved = fed ? errno : ENOMEM;
  co_engine_free(engine);
  errno = saved;
  return NULL;
}


void co_engine_shut(co_engine *engine) {
  check_fork(engine);
  engine->shut = true;
  end_all(engine, CO_KIND_CANCELLED, "the client was closed");
  co_transport_shut(&engine->transport);
  if (engine->watched)
    co_pollset_alarm(&engine->transport.set, co_clock_now());
}


void co_engine_free(co_engine *engine) {
  if (engine == NULL) return;
  co_engine_shut(engine);
  while (co_engine_collect(engine) != NULL) continue;
  co_transport_close(&engine->transport);
  co_activity_free(&engine->activity);
  co_buffer_free(&engine->secrets);
  free(engine);
}


void co_engine_nudge(co_engine *engine, bool on) {
  check_fork(engine);
  co_schedule_nudge(&engine->schedule, on ? co_clock_now() : 0);
  set_alarm(engine);
}


int co_engine_fd(co_engine *engine) {
  check_fork(engine);
  engine->watched = true;
  set_alarm(engine);
  return engine->transport.set.fd;
}


bool co_engine_issuer(co_engine *engine, char *text, size_t size) {
  check_fork(engine);
  return co_issuer_read(&engine->transport.base, text, size);
}


/* Reading its state ------------------------------------------------------ */

bool co_engine_unreachable(const co_engine *engine) {
  return co_schedule_unreachable(&engine->schedule, co_clock_now());
}


size_t co_engine_answer_max(const co_engine *engine) {
  return engine->answer_max;
}


const co_address *co_engine_address(const co_engine *engine) {
  return &engine->address;
}


co_activity *co_engine_activity(co_engine *engine) {
  return &engine->activity;
}


const co_limiter *co_engine_limiter(const co_engine *engine) {
  return &engine->schedule.limiter;
}
