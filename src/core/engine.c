/*
** The engine. A transfer is in one list at a time, the one of its state:
** queued -> active -> (paused -> queued -> active)* -> done.
*/
#include "core/engine.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "core/pollset.h"
#include "core/secret.h"
#include "core/state.h"

enum { EVENTS = 64, SECRETS_MAX = 16 * 1024 };

/* Seconds: how long an end is news, and how often it is told at least. */
static const double news = 0.001, told_again = 0.1;

/* Pauses grow from half a second to twenty. */
static const double pause_base = 0.5, pause_ceiling = 20;

/* libcurl's callback: it notes, and nothing else. */
static int on_timer(CURLM *multi, long ms, void *data) {
  co_engine *engine = data;
  (void)multi;
  engine->curl_due = ms < 0 ? INFINITY : co_clock() + (double)ms / 1000;
  return 0;
}


static bool make_multi(co_engine *engine) {
  engine->multi = curl_multi_init();
  if (engine->multi == NULL) return false;
  co_sockets_follow_multi(&engine->sockets, engine->multi);
  curl_multi_setopt(engine->multi, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(engine->multi, CURLMOPT_TIMERDATA, engine);
  curl_multi_setopt(engine->multi, CURLMOPT_MAXCONNECTS,
                    (long)engine->limiter.jobs);
  return true;
}


/* What is due ------------------------------------------------------------ */

static void wake_paused(co_engine *engine, double now) {
  co_transfer *next;
  for (co_transfer *t = engine->lists[CO_PAUSED].first; t; t = next) {
    next = t->next;
    if (t->start_at > now) continue;
    if (t->endpoint == &co_pause) co_finish(engine, t);
    else co_move(engine, t, CO_QUEUED);
  }
}


/* One whose deadline has passed, or will before anyone may start. */
static bool is_hopeless(const co_engine *engine, const co_transfer *t,
                        double now) {
  return t->deadline <= now || t->deadline <= engine->limiter.held_until;
}


static void give_up(co_engine *engine, co_transfer *t, double now) {
  bool held = t->deadline > now;
  co_fail(engine, t, held ? CO_THROTTLED : CO_TIMEOUT,
                held ? "the server asked for a longer pause than the deadline"
                     : "the deadline passed before it could be sent");
  if (held) t->result.retry_after = engine->limiter.held_until - now;
}


static void start_due(co_engine *engine) {
  double now = co_clock();
  co_transfer *t;
  wake_paused(engine, now);
  while ((t = engine->lists[CO_QUEUED].first) != NULL) {
    if (is_hopeless(engine, t, now)) give_up(engine, t, now);
    else if (co_limiter_delay(&engine->limiter, now) != 0) break;
    else co_attempt_start(engine, t, now);
  }
}


static void collect(co_engine *engine) {
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(engine->multi, &left)) != NULL)
    if (message->msg == CURLMSG_DONE)
      co_attempt_end(engine, message->easy_handle, message->data.result);
}


/* Short of memory, libcurl may have forgotten the sockets and the times of
** any transfer, which would then wait for ever; and what 7.88 leaves of its
** own tables is not safe to go on with. */
static void start_anew(co_engine *engine) {
  collect(engine);
  while (engine->lists[CO_ACTIVE].first != NULL)
    co_end(engine, engine->lists[CO_ACTIVE].first, CO_MEMORY,
           "no memory to wait for the answer");
  curl_multi_cleanup(engine->multi);
  engine->curl_due = INFINITY;
  make_multi(engine);
}


static void call_curl(co_engine *engine, curl_socket_t fd, int mask) {
  int running;
  if (engine->multi == NULL) return;
  if (curl_multi_socket_action(engine->multi, fd, mask, &running) != CURLM_OK)
    start_anew(engine);
}


static void call_curl_if_due(co_engine *engine) {
  if (engine->curl_due > co_clock()) return;
  engine->curl_due = INFINITY;
  call_curl(engine, CURL_SOCKET_TIMEOUT, 0);
}


/* All that needs no waiting. */
static void drive(co_engine *engine) {
  if (engine->multi == NULL && !engine->shut) make_multi(engine);
  start_due(engine);
  call_curl_if_due(engine);
  collect(engine);
}


/* One that was dropped by whoever waited for it is never taken; it must not
** keep the others' loop busy. */
static double reminder(const co_transfer *t, double now) {
  double age = now - t->ended;
  return age < news ? now : now + fmin(age, told_again);
}


static double soonest(co_engine *engine, double now) {
  const co_transfer *head = engine->lists[CO_QUEUED].first;
  const co_transfer *newest = engine->lists[CO_DONE].last;
  double when = engine->curl_due;
  if (newest != NULL) when = fmin(when, reminder(newest, now));
  for (co_transfer *t = engine->lists[CO_PAUSED].first; t; t = t->next)
    when = fmin(when, t->start_at);
  if (head == NULL) return when;
  double delay = co_limiter_delay(&engine->limiter, now);
  if (is_hopeless(engine, head, now)) return now;
  return fmin(when, delay < 0 ? head->deadline : now + delay);
}


/* Only for those who poll the descriptor: the engine's own wait is told the
** time, and a timer set for each request costs more than the wait. */
static void set_alarm(co_engine *engine) {
  if (engine->watched)
    co_pollset_alarm(&engine->set, soonest(engine, co_clock()));
}


/* Public ----------------------------------------------------------------- */

double co_engine_timeout(co_engine *engine) {
  double now = co_clock(), when = soonest(engine, now);
  return isinf(when) ? -1 : fmax(when - now, 0);
}


static void tell_curl(co_engine *engine, const co_ready *ready) {
  if (co_sockets_at_rest(&engine->sockets, ready->fd)) return;
  call_curl(engine, ready->fd, (ready->in ? CURL_CSELECT_IN : 0) |
                               (ready->out ? CURL_CSELECT_OUT : 0) |
                               (ready->broken ? CURL_CSELECT_ERR : 0));
}


void co_engine_step(co_engine *engine, double seconds) {
  co_ready ready[EVENTS];
  co_notice_fork(engine);
  int before = engine->pending;
  drive(engine);
  set_alarm(engine);
  double due = co_engine_timeout(engine);
  if (due >= 0 && (seconds < 0 || due < seconds)) seconds = due;
  if (engine->pending < before) seconds = 0;
  int n = co_pollset_wait(&engine->set, ready, EVENTS, seconds);
  for (int i = 0; i < n; i++) tell_curl(engine, &ready[i]);
  collect(engine);
  drive(engine);
  set_alarm(engine);
}


/* A later answer may repeat the keys of an earlier create. */
void co_engine_submit(co_engine *engine, co_transfer *t) {
  co_notice_fork(engine);
  t->engine = engine;
  t->deadline = co_clock() + engine->deadline;
  engine->pending++;
  co_secret_merge(&engine->secrets, &t->secrets);
  co_buffer_add(&t->secrets, engine->secrets.bytes, engine->secrets.length);
  co_put(engine, t, CO_QUEUED);
  if (engine->shut)
    co_fail(engine, t, CO_CLOSED, co_why_shut(engine));
  else if (t->url.starved || t->body.starved || t->secrets.starved)
    co_fail(engine, t, CO_MEMORY, "no memory for the request");
  else if (t->url.broken || t->body.broken || t->secrets.broken)
    co_fail(engine, t, CO_INVALID, "the request is too long");
  else if (engine->dry_run && t->endpoint->writes)
    co_fail(engine, t, CO_DRY_RUN, "dry run: nothing was sent");
  set_alarm(engine);
}


void co_engine_pause(co_engine *engine, co_transfer *t, double seconds) {
  co_notice_fork(engine);
  t->engine = engine;
  t->start_at = co_clock() + seconds;
  engine->pending++;
  co_put(engine, t, CO_PAUSED);
  if (engine->shut) co_fail(engine, t, CO_CLOSED, co_why_shut(engine));
  set_alarm(engine);
}


void co_transfer_cancel(co_transfer *t) {
  if (t->engine == NULL || t->state == CO_DONE) return;
  co_notice_fork(t->engine);
  if (t->state == CO_DONE) return;
  co_end(t->engine, t, CO_CANCELLED, "cancelled");
  set_alarm(t->engine);
}


co_transfer *co_engine_completed(co_engine *engine) {
  return engine->lists[CO_DONE].first;
}


void co_transfer_take(co_transfer *t) {
  if (t->engine == NULL || t->state != CO_DONE) return;
  co_list_remove(&t->engine->lists[CO_DONE], t);
  t->engine = NULL;
}


void co_engine_cancel_all(co_engine *engine) {
  co_notice_fork(engine);
  co_end_all(engine, CO_CANCELLED, "cancelled");
  set_alarm(engine);
}


static void take_config(co_engine *engine, const co_config *config) {
  engine->address = config->address;
  engine->policy = (co_retry_policy){
    .retries = config->retries, .base = pause_base, .ceiling = pause_ceiling
  };
  engine->timeout = config->timeout;
  engine->deadline = config->deadline;
  engine->answer_max = config->answer_max;
  engine->dry_run = config->dry_run;
  co_limiter_init(&engine->limiter, config->jobs, config->rate);
}


co_engine *co_engine_new(const co_config *config) {
  co_engine *engine = calloc(1, sizeof *engine);
  if (engine == NULL) return NULL;
  engine->owner = getpid();
  engine->set = CO_POLLSET_CLOSED;
  co_sockets_init(&engine->sockets, &engine->set);
  engine->curl_due = INFINITY;
  co_record_init(&engine->record, config->trace);
  co_buffer_init(&engine->secrets, SECRETS_MAX);
  take_config(engine, config);
  if (getentropy(&engine->random, sizeof engine->random) != 0)
    engine->random = (uint64_t)(co_clock() * 1e9);
  engine->random |= 1;  /* xorshift never leaves 0 */
  engine->idle = calloc((size_t)config->jobs, sizeof *engine->idle);
  bool fed = engine->idle != NULL && co_easy_global() &&
             co_secret_add_token(&engine->secrets, config->token) &&
             co_easy_base_init(&engine->base, config) && make_multi(engine);
  if (fed && co_pollset_open(&engine->set)) return engine;
  int saved = fed ? errno : ENOMEM;
  co_engine_free(engine);
  errno = saved;
  return NULL;
}


/* The multi before the descriptor: its end still reports sockets. */
void co_engine_shut(co_engine *engine) {
  co_notice_fork(engine);
  engine->shut = true;
  co_end_all(engine, CO_CANCELLED, "the client was closed");
  while (engine->idle_count > 0)
    curl_easy_cleanup(engine->idle[--engine->idle_count]);
  if (engine->multi != NULL) curl_multi_cleanup(engine->multi);
  engine->multi = NULL;
  engine->curl_due = INFINITY;
  set_alarm(engine);
}


void co_engine_free(co_engine *engine) {
  if (engine == NULL) return;
  co_engine_shut(engine);
  while (co_engine_completed(engine) != NULL)
    co_transfer_take(co_engine_completed(engine));
  co_sockets_free(&engine->sockets);
  co_pollset_close(&engine->set);
  co_easy_base_free(&engine->base);
  co_record_free(&engine->record);
  co_buffer_free(&engine->secrets);
  free(engine->idle);
  free(engine);
}


void co_engine_nudge(co_engine *engine) {
  co_notice_fork(engine);
  if (engine->watched) co_pollset_alarm(&engine->set, co_clock());
}


int co_engine_fd(co_engine *engine) {
  co_notice_fork(engine);
  engine->watched = true;
  set_alarm(engine);
  return engine->set.fd;
}


int co_engine_pending(const co_engine *engine) {
  return engine->pending;
}


size_t co_engine_answer_max(const co_engine *engine) {
  return engine->answer_max;
}


const co_address *co_engine_address(const co_engine *engine) {
  return &engine->address;
}


co_record *co_engine_record(co_engine *engine) {
  return &engine->record;
}


const co_limiter *co_engine_limiter(const co_engine *engine) {
  return &engine->limiter;
}
