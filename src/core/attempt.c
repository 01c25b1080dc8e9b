/*
** One attempt of a transfer, from a handle to what its end means: the
** records, the limits, and whether it is tried again.
*/
#include <math.h>
#include <time.h>

#include "core/secret.h"
#include "core/state.h"

enum { UNREACHED_MOST = 10 };
static const double unreached_longest = 3; /* a restart is over by then */


double co_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}


/* xorshift: spreads retries, decides nothing else. */
static double random_part(co_engine *engine) {
  uint64_t x = engine->random;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  engine->random = x;
  return (double)(x >> 11) / 9007199254740992.0;
}


void co_put(co_engine *engine, co_transfer *t, co_state state) {
  t->state = state;
  co_list_add(&engine->lists[state], t);
}


void co_move(co_engine *engine, co_transfer *t, co_state state) {
  co_list_remove(&engine->lists[t->state], t);
  co_put(engine, t, state);
}


/* With its result as it stands. */
void co_finish(co_engine *engine, co_transfer *t) {
  co_move(engine, t, CO_DONE);
  t->ended = co_clock();
  engine->pending--;
  if (t->result.kind == CO_OK) return;
  if (t->lost_answer) t->result.outcome = CO_UNKNOWN;
  co_transfer_mask(t);
}


void co_fail(co_engine *engine, co_transfer *t, co_kind kind,
             const char *message) {
  bool active = t->state == CO_ACTIVE;
  co_transfer_fail(t, kind, active ? CO_UNKNOWN : CO_NOT_SENT, message);
  co_finish(engine, t);
}


static CURL *take_easy(co_engine *engine) {
  if (engine->idle_count > 0) return engine->idle[--engine->idle_count];
  CURL *easy = co_easy_new(&engine->base);
  if (easy != NULL) co_sockets_follow_easy(&engine->sockets, easy);
  return easy;
}


/* Ends the transfer's use of its handle, in whatever state that is. */
static void give_easy(co_engine *engine, co_transfer *t) {
  CURL *easy = t->easy;
  t->easy = NULL;
  curl_multi_remove_handle(engine->multi, easy);
  co_easy_release(easy);
  if (engine->idle_count < engine->limiter.jobs)
    engine->idle[engine->idle_count++] = easy;
  else
    curl_easy_cleanup(easy);
}


void co_attempt_drop(co_engine *engine, co_transfer *t) {
  if (engine->inherited) t->easy = NULL;
  else give_easy(engine, t);
  co_limiter_end(&engine->limiter, CO_NEITHER, t->started, co_clock());
}


bool co_engine_unreachable(const co_engine *engine) {
  if (engine->unreached < UNREACHED_MOST) return false;
  return engine->policy.retries == 0 ||
         co_clock() - engine->unreached_since >= unreached_longest;
}


static void begin_attempt(co_engine *engine, co_transfer *t, double now) {
  t->attempt = (co_attempt){
    .number = t->attempt.number + 1, .repeat = t->endpoint->repeat,
    .retry_after = -1
  };
  t->started = now;
  t->result.message[0] = '\0';
  co_buffer_reset(&t->answer);
  co_move(engine, t, CO_ACTIVE);
  co_limiter_start(&engine->limiter, now);
  co_record_start(&engine->record, t->attempt.number > 1);
}


void co_attempt_start(co_engine *engine, co_transfer *t, double now) {
  CURL *easy = take_easy(engine);
  if (easy == NULL) {
    co_fail(engine, t, CO_MEMORY, "no memory for a connection");
    return;
  }
  begin_attempt(engine, t, now);
  t->easy = easy;
  if (co_easy_prepare(easy, &engine->base, t,
                      fmin(engine->timeout, t->deadline - now)) &&
      curl_multi_add_handle(engine->multi, easy) == CURLM_OK) return;
  give_easy(engine, t);
  co_limiter_end(&engine->limiter, CO_NEITHER, now, now);
  co_transfer_fail(t, CO_MEMORY, CO_NOT_SENT, "no memory for a request");
  co_finish(engine, t);
}


static co_strain strain_of(const co_attempt *attempt) {
  if (attempt->kind == CO_TIMEOUT || attempt->status == 429 ||
      attempt->status == 503) return CO_STRAINED;
  return attempt->kind == CO_NETWORK ? CO_NEITHER : CO_CALM;
}


static void note_limits(co_engine *engine, const co_transfer *t, double now) {
  const co_attempt *a = &t->attempt;
  co_limiter_end(&engine->limiter, strain_of(a), t->started, now);
  if ((a->status == 429 || a->status == 503) && a->retry_after > 0)
    co_limiter_hold(&engine->limiter, a->retry_after, now);
}


/* Ten attempts in a row that found no server, over some seconds (many at once
** are ten in no time): it is gone, and everybody's pauses would only draw out
** the end. */
static void note_reach(co_engine *engine, const co_attempt *a, double now) {
  bool lost = a->unsent && (a->kind == CO_NETWORK || a->kind == CO_TIMEOUT);
  if (lost && engine->unreached++ == 0) engine->unreached_since = now;
  else if (!lost && a->status != 0) engine->unreached = 0;
}


static double pause_of(co_engine *engine, const co_transfer *t, double now) {
  if (t->result.kind == CO_OK || co_engine_unreachable(engine)) return -1;
  return co_retry_pause(&t->attempt, &engine->policy, t->deadline - now,
                        random_part(engine));
}


static void settle(co_engine *engine, co_transfer *t, double now) {
  bool lost_before = t->lost_answer;
  if (t->result.kind == CO_MISSING && t->endpoint->gone_is_done && lost_before)
    t->result.kind = CO_OK;
  if (t->result.kind != CO_OK && t->result.outcome == CO_UNKNOWN)
    t->lost_answer = true;
  double pause = pause_of(engine, t, now);
  if (pause < 0 || !co_limiter_take_repeat(&engine->limiter)) {
    co_finish(engine, t);
    return;
  }
  t->start_at = now + pause;
  co_move(engine, t, CO_PAUSED);
}


void co_attempt_end(co_engine *engine, CURL *easy, CURLcode code) {
  char *private = NULL;
  double now = co_clock();
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
  co_transfer *t = (co_transfer *)(void *)private;
  co_easy_finish(easy, code, t);
  co_record_attempt(&engine->record, t);
  note_limits(engine, t, now);
  note_reach(engine, &t->attempt, now);
  give_easy(engine, t);
  settle(engine, t, now);
}
