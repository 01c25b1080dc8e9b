/*
** The transitions between the states of transfers.
*/
#include "core/schedule.h"

#include <math.h>

/* The server is unreachable after UNREACHED_MOST attempts in a row without a
** connection, over at least unreached_least seconds: attempts in parallel
** fail together, and a restart of a server takes seconds. */
enum { UNREACHED_MOST = 10 };
static const double unreached_least = 3;

/* Seconds of nothing but push-backs after which 503 is an outage. */
static const double outage_after = 7;

/* Seconds: the ceiling of the first pause before a repeat, and of every one. */
static const double pause_base = 0.5, pause_ceiling = 20;

/* Seconds: a finished transfer or a nudge younger than `fresh` wakes the host's
** loop at once, an older one at growing intervals of at most
** `reminder_longest`. At once no more than AT_ONCE_MOST times: a host whose
** coroutines take their time to run would be busy meanwhile. */
static const double fresh = 0.001, reminder_longest = 0.1;
enum { AT_ONCE_MOST = 10 };


void co_schedule_init(co_schedule *s, int jobs, double rate, int retries,
                      double deadline, uint64_t seed) {
  *s = (co_schedule){
    .deadline = deadline, .soonest = INFINITY,
    .policy = {.retries = retries, .base = pause_base,
               .ceiling = pause_ceiling}
  };
  co_limiter_init(&s->limiter, jobs, rate);
  co_schedule_seed(s, seed);
}


void co_schedule_seed(co_schedule *s, uint64_t seed) {
  s->random = seed | 1;
}


/* A random number in [0, 1) by xorshift; used for jitter only. */
static double random_part(co_schedule *s) {
  uint64_t x = s->random;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  s->random = x;
  return (double)(x >> 11) / 9007199254740992.0;
}


/* Transitions ------------------------------------------------------------ */

static void enter(co_schedule *s, co_transfer *t, co_state state) {
  t->state = state;
  co_queue *queue = &s->queues[state];
  if (state == CO_QUEUED && t->read_good_for > 0) co_queue_push(queue, t);
  else co_queue_add(queue, t);
}


static void move(co_schedule *s, co_transfer *t, co_state state) {
  co_queue_remove(&s->queues[t->state], t);
  enter(s, t, state);
}


/* Makes the transfer done. Masks the result of a failure; if an earlier answer
** was lost, the outcome of the failure is unknown. */
static void finish(co_schedule *s, co_transfer *t, double now) {
  move(s, t, CO_DONE);
  t->ended = now;
  s->wakes = 0;
  s->pending--;
  if (t->result.kind == CO_KIND_OK) return;
  if (t->lost_answer) t->result.outcome = CO_OUTCOME_UNKNOWN;
  co_transfer_mask(t);
}


/* Stops the deadline of a transfer that is queued now: until the transfer
** starts, only pauses of all requests shorten the time left. */
static void stop_deadline(co_schedule *s, co_transfer *t, double now) {
  t->left = t->deadline - now;
  t->held = co_limiter_held(&s->limiter, now);
  s->soonest = fmin(s->soonest, t->left + t->held);
}


static double left_while_queued(const co_schedule *s, const co_transfer *t,
                                double now) {
  return t->left + t->held - co_limiter_held(&s->limiter, now);
}


static void requeue(co_schedule *s, co_transfer *t, double now) {
  stop_deadline(s, t, now);
  move(s, t, CO_QUEUED);
}


void co_schedule_add(co_schedule *s, co_transfer *t, double now) {
  t->deadline = now + (t->allowed > 0 ? t->allowed : s->deadline);
  t->stale_at = now + t->read_good_for;
  stop_deadline(s, t, now);
  s->pending++;
  enter(s, t, CO_QUEUED);
}


void co_schedule_pause(co_schedule *s, co_transfer *t, double seconds,
                       double now) {
  t->start_at = now + seconds;
  s->pending++;
  enter(s, t, CO_PAUSED);
}


void co_schedule_fail(co_schedule *s, co_transfer *t, co_kind kind,
                      co_outcome outcome, const char *message, double now) {
  if (t->state == CO_ACTIVE)
    co_limiter_end(&s->limiter, CO_NEITHER, t->started, t->level, now);
  co_transfer_fail(t, kind, outcome, message);
  finish(s, t, now);
}


void co_schedule_remove(co_schedule *s, co_transfer *t) {
  co_queue_remove(&s->queues[CO_DONE], t);
}


/* Starting --------------------------------------------------------------- */

static void wake_paused(co_schedule *s, double now) {
  co_transfer *next;
  for (co_transfer *t = s->queues[CO_PAUSED].first; t != NULL; t = next) {
    next = t->next;
    if (t->start_at > now) continue;
    if (t->endpoint == &co_pause) finish(s, t, now);
    else requeue(s, t, now);
  }
}


static double pause_left(const co_schedule *s, double now) {
  return fmax(s->limiter.held_until - now, 0);
}


/* Whether the deadline has passed, or will pass before a pause of all requests
** ends. */
static bool is_hopeless(const co_schedule *s, const co_transfer *t,
                        double now) {
  return left_while_queued(s, t, now) <= pause_left(s, now);
}


/* Whether is_hopeless may be true of a queued transfer. */
static bool has_hopeless(const co_schedule *s, double now) {
  return s->soonest - co_limiter_held(&s->limiter, now) <= pause_left(s, now);
}


/* Ends a queued transfer whose deadline cannot be met. If it was sent before,
** its result is that of its last attempt. */
static void end_hopeless(co_schedule *s, co_transfer *t, double now) {
  bool held = pause_left(s, now) > 0;
  if (t->attempt.number > 0) {
    finish(s, t, now);
    return;
  }
  co_schedule_fail(s, t, held ? CO_KIND_THROTTLED : CO_KIND_TIMEOUT,
                   CO_OUTCOME_NOT_SENT,
                   held ? "the server asked for a longer pause than the "
                          "deadline"
                        : "the deadline passed before it could be sent", now);
  if (held) t->result.retry_after = pause_left(s, now);
}


static bool is_stale(const co_transfer *t, double now) {
  return t->read_good_for > 0 && now > t->stale_at;
}


/* Ends a queued transfer whose read is too old. If it was sent before, its
** result is that of its last attempt. */
static void end_stale(co_schedule *s, co_transfer *t, double now) {
  t->result.stale = true;
  if (t->attempt.number > 0) finish(s, t, now);
  else co_schedule_fail(s, t, CO_KIND_TIMEOUT, CO_OUTCOME_NOT_SENT,
                        "it could not be sent soon after its read", now);
}


/* Looks at all queued transfers: they are not in the order of deadlines. */
static void end_all_hopeless(co_schedule *s, double now) {
  co_transfer *next;
  s->soonest = INFINITY;
  for (co_transfer *t = s->queues[CO_QUEUED].first; t != NULL; t = next) {
    next = t->next;
    if (is_stale(t, now)) end_stale(s, t, now);
    else if (is_hopeless(s, t, now)) end_hopeless(s, t, now);
    else s->soonest = fmin(s->soonest, t->left + t->held);
  }
}


co_transfer *co_schedule_next(co_schedule *s, double now) {
  co_transfer *t;
  wake_paused(s, now);
  if (has_hopeless(s, now)) end_all_hopeless(s, now);
  while ((t = s->queues[CO_QUEUED].first) != NULL) {
    if (!is_stale(t, now))
      return co_limiter_delay(&s->limiter, now) == 0 ? t : NULL;
    end_stale(s, t, now);
  }
  return NULL;
}


void co_schedule_start(co_schedule *s, co_transfer *t, double now) {
  t->attempt = (co_attempt){
    .number = t->attempt.number + 1, .spent = t->attempt.spent + 1,
    .repeat = t->endpoint->repeat, .retry_after = -1
  };
  t->deadline = now + left_while_queued(s, t, now);
  t->started = now;
  t->result.message[0] = '\0';
  co_buffer_reset(&t->answer);
  move(s, t, CO_ACTIVE);
  t->level = co_limiter_start(&s->limiter, now);
}


/* The end of an attempt -------------------------------------------------- */

static co_strain strain_of(const co_attempt *attempt) {
  if (attempt->kind == CO_KIND_TIMEOUT || attempt->status == 503 ||
      attempt->status == 429)
    return CO_STRAINED;
  return attempt->kind == CO_KIND_NETWORK ? CO_NEITHER : CO_CALM;
}


static void update_reach(co_schedule *s, const co_attempt *a, double now) {
  bool lost = a->unsent &&
              (a->kind == CO_KIND_NETWORK || a->kind == CO_KIND_TIMEOUT);
  if (lost && s->unreached++ == 0) s->unreached_since = now;
  else if (!lost && a->status != 0) s->unreached = 0;
}


bool co_schedule_unreachable(const co_schedule *s, double now) {
  const co_limiter *l = &s->limiter;
  if (l->pushes > 0 && now - l->pushed_since >= s->deadline) return true;
  if (s->unreached < UNREACHED_MOST) return false;
  return s->policy.retries == 0 ||
         now - s->unreached_since >= unreached_least;
}


/* Whether the server is down, not busy: it has answered 503 without Retry-After
** for outage_after seconds, or it is unreachable (co_schedule_unreachable).
** Waiting longer would only delay the report. */
static bool is_outage(const co_schedule *s, const co_attempt *a, double now) {
  const co_limiter *l = &s->limiter;
  bool down = a->status == 503 && a->retry_after < 0 && l->pushes > 0 &&
              now - l->pushed_since >= outage_after;
  return down || co_schedule_unreachable(s, now);
}


static void update_limiter(co_schedule *s, const co_transfer *t, double now) {
  const co_attempt *a = &t->attempt;
  if (co_attempt_is_push_back(a) && !is_outage(s, a, now))
    co_limiter_push_back(&s->limiter, t->started, t->level, a->retry_after,
                         random_part(s), now);
  else
    co_limiter_end(&s->limiter, strain_of(a), t->started, t->level, now);
}


/* Seconds until the repeat; < 0: no repeat. */
static double repeat_after(co_schedule *s, const co_transfer *t, double now) {
  if (t->result.kind == CO_KIND_OK || co_schedule_unreachable(s, now))
    return -1;
  return co_retry_pause(&t->attempt, &s->policy, t->deadline - now,
                        random_part(s));
}


/* Whether this push-back does not count against `retries`; notes the limiter's
** total for the next one. A 503 counts if no request got through since the
** transfer's last push-back: that is an outage and not a limit. */
static bool is_free(co_schedule *s, co_transfer *t) {
  bool moving = s->limiter.total > t->through;
  if (s->policy.retries == 0 || !co_attempt_is_free(&t->attempt)) return false;
  t->through = s->limiter.total;
  return t->attempt.status == 429 || moving;
}


/* Turns the 404 of a repeated delete into a success if an earlier answer was
** lost: that attempt deleted the asset. Notes whether this answer is lost. */
static void accept_gone(co_transfer *t) {
  co_result *result = &t->result;
  if (result->kind == CO_KIND_MISSING && t->endpoint->gone_is_done &&
      t->lost_answer) result->kind = CO_KIND_OK;
  if (result->kind != CO_KIND_OK && result->outcome == CO_OUTCOME_UNKNOWN)
    t->lost_answer = true;
}


void co_schedule_attempted(co_schedule *s, co_transfer *t, double now) {
  update_limiter(s, t, now);
  update_reach(s, &t->attempt, now);
  accept_gone(t);
  bool in_time = pause_left(s, now) < t->deadline - now;
  if (is_free(s, t) && in_time && !co_schedule_unreachable(s, now)) {
    t->attempt.spent--;
    requeue(s, t, now);
    return;
  }
  double pause = repeat_after(s, t, now);
  if (pause < 0 || !co_limiter_spend_repeat(&s->limiter)) {
    finish(s, t, now);
    return;
  }
  t->start_at = now + pause;
  move(s, t, CO_PAUSED);
}


/* Time ------------------------------------------------------------------- */

/* The time of the next reminder that something is there since `since`.
** Reminders become rarer: while the waiter does not run yet, or if it is gone,
** they must not keep the host's loop busy. */
static double next_reminder(const co_schedule *s, double since, double now) {
  double age = now - since;
  bool at_once = age < fresh && s->wakes < AT_ONCE_MOST;
  return at_once ? now : now + fmin(age, reminder_longest);
}


void co_schedule_wake(co_schedule *s) {
  if (s->wakes < AT_ONCE_MOST) s->wakes++;
}


void co_schedule_nudge(co_schedule *s, double since) {
  s->nudged = since;
  s->wakes = 0;
}


double co_schedule_due(const co_schedule *s, double now) {
  const co_transfer *head = s->queues[CO_QUEUED].first;
  const co_transfer *newest = s->queues[CO_DONE].last;
  double when = INFINITY;
  if (newest != NULL) when = next_reminder(s, newest->ended, now);
  if (s->nudged > 0) when = fmin(when, next_reminder(s, s->nudged, now));
  for (co_transfer *t = s->queues[CO_PAUSED].first; t != NULL; t = t->next)
    when = fmin(when, t->start_at);
  if (head == NULL) return when;
  if (has_hopeless(s, now)) return now;
  double delay = co_limiter_delay(&s->limiter, now);
  return delay < 0 ? when : fmin(when, now + delay);
}
