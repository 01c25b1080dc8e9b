/*
** src/core/schedule.c: the states of transfers, on a simulated clock.
*/
#include "core/schedule.h"

#include "check.h"

static const char id[] = "fea84ebf-b58b-4ad2-994d-7169dc3880fb";


static co_schedule new_schedule(int jobs) {
  co_schedule s;
  co_schedule_init(&s, jobs, 0, 4, 120, 1);
  return s;
}


static co_transfer *added(co_schedule *s, const char *operation, double now) {
  co_transfer *t = co_transfer_new(co_endpoint_find(operation), 1000);
  co_transfer_address(t, "https://acme.codeocean.com/api/v1", id);
  co_schedule_add(s, t, now);
  return t;
}


/* Starts the transfer and ends its attempt with that status (0: no answer). */
static void attempt(co_schedule *s, co_transfer *t, long status, double now) {
  CHECK(co_schedule_next(s, now) == t);
  co_schedule_start(s, t, now);
  t->attempt.status = status;
  t->attempt.kind =
    status == 0 ? CO_KIND_NETWORK : co_kind_of_status(status);
  t->attempt.code = status == 0 ? CURLE_RECV_ERROR : CURLE_OK;
  t->result.kind = t->attempt.kind;
  t->result.status = status;
  t->result.outcome = co_attempt_outcome(&t->attempt);
  co_schedule_attempted(s, t, now);
}


static void test_success(void) {
  co_schedule s = new_schedule(16);
  co_transfer *t = added(&s, "get", 0);
  CHECK(t->state == CO_QUEUED && s.pending == 1);
  attempt(&s, t, 200, 1);
  CHECK(t->state == CO_DONE && s.pending == 0);
  CHECK(t->result.kind == CO_KIND_OK && t->attempt.number == 1);
  CHECK(s.limiter.in_flight == 0);
  CHECK(s.queues[CO_DONE].first == t);
  co_schedule_remove(&s, t);
  CHECK(s.queues[CO_DONE].first == NULL);
  CHECK(isinf(co_schedule_due(&s, 2)));
  co_transfer_free(t);
}


static void test_repeat(void) {
  co_schedule s = new_schedule(16);
  co_transfer *t = added(&s, "get", 0);
  attempt(&s, t, 502, 1);
  CHECK(t->state == CO_PAUSED);
  CHECK(t->start_at >= 1 && t->start_at < 1.5);
  CHECK_NEAR(co_schedule_due(&s, 1), t->start_at);
  CHECK(co_schedule_next(&s, t->start_at - 1e-6) == NULL);
  attempt(&s, t, 200, t->start_at);
  CHECK(t->state == CO_DONE && t->attempt.number == 2);
  CHECK(t->result.kind == CO_KIND_OK);
  co_transfer_free(t);
}


/* Retries are counted; what remains is the last answer. */
static void test_exhausted(void) {
  co_schedule s = new_schedule(16);
  co_transfer *t = added(&s, "get", 0);
  for (double now = 1; t->state != CO_DONE; now = t->start_at)
    attempt(&s, t, 500, now);
  CHECK(t->attempt.number == 5);
  CHECK(t->result.kind == CO_KIND_SERVER && t->result.status == 500);
  co_transfer_free(t);
}


static void test_window(void) {
  co_schedule s = new_schedule(2);
  co_transfer *all[3];
  for (int i = 0; i < 3; i++) all[i] = added(&s, "get", 0);
  for (int i = 0; i < 2; i++) {
    CHECK(co_schedule_next(&s, 0) == all[i]);
    co_schedule_start(&s, all[i], 0);
  }
  CHECK(co_schedule_next(&s, 0) == NULL);
  all[0]->attempt.status = 200;
  all[0]->result.kind = CO_KIND_OK;
  co_schedule_attempted(&s, all[0], 1);
  CHECK(co_schedule_next(&s, 1) == all[2]);
  for (int i = 0; i < 3; i++) co_transfer_free(all[i]);
}


/* Waiting for our own window is not the server's delay. */
static void test_deadline_queued(void) {
  co_schedule s = new_schedule(1);
  co_transfer *first = added(&s, "get", 0), *second = added(&s, "get", 0);
  CHECK(co_schedule_next(&s, 0) == first);
  co_schedule_start(&s, first, 0);
  CHECK(co_schedule_next(&s, 500) == NULL);
  CHECK(second->state == CO_QUEUED);
  first->attempt.status = 200;
  first->result.kind = CO_KIND_OK;
  co_schedule_attempted(&s, first, 500);
  CHECK(co_schedule_next(&s, 500) == second);
  co_schedule_start(&s, second, 500);
  CHECK_NEAR(second->deadline, 620);
  co_transfer_free(first);
  co_transfer_free(second);
}


/* A pause for everybody is. */
static void test_deadline_held(void) {
  co_schedule s = new_schedule(16);
  co_transfer *t = added(&s, "get", 0);
  co_limiter_hold(&s.limiter, 50, 0);
  CHECK_NEAR(co_schedule_due(&s, 0), 50);
  CHECK(co_schedule_next(&s, 40) == NULL && t->state == CO_QUEUED);
  CHECK(co_schedule_next(&s, 60) == t);
  co_schedule_start(&s, t, 60);
  CHECK_NEAR(t->deadline, 60 + 120 - 50);
  co_transfer_free(t);
}


static void test_deadline_in_a_pause(void) {
  co_schedule s = new_schedule(16);
  co_transfer *t = added(&s, "get", 0);
  co_limiter_hold(&s.limiter, 300, 1);
  CHECK(co_schedule_next(&s, 1) == NULL);
  CHECK(t->state == CO_DONE && t->result.kind == CO_KIND_THROTTLED);
  CHECK(t->result.outcome == CO_OUTCOME_NOT_SENT);
  CHECK_NEAR(t->result.retry_after, 300);
  co_transfer_free(t);
}


/* 429 costs no attempt and no repeat of the budget, however often. */
static void test_free(void) {
  co_schedule s = new_schedule(16);
  co_transfer *t = added(&s, "create", 0);
  double now = 0;
  for (int i = 0; i < 8; i++) {
    attempt(&s, t, 429, now);
    CHECK(t->state == CO_QUEUED);
    now = co_schedule_due(&s, now);
  }
  CHECK(s.limiter.budget == 100 && t->attempt.spent == 0);
  attempt(&s, t, 200, now);
  CHECK(t->result.kind == CO_KIND_OK && t->attempt.number == 9);
  co_transfer_free(t);
}


/* Whoever wants no repeats gets none. */
static void test_no_retries(void) {
  co_schedule s;
  co_schedule_init(&s, 16, 0, 0, 120, 1);
  co_transfer *t = added(&s, "get", 0);
  attempt(&s, t, 429, 0);
  CHECK(t->state == CO_DONE && t->result.kind == CO_KIND_THROTTLED);
  co_transfer_free(t);
}


/* What was sent before its deadline came keeps its own last answer. */
static void test_free_until_deadline(void) {
  co_schedule s = new_schedule(16);
  co_transfer *t = added(&s, "update", 0);
  attempt(&s, t, 429, 0);
  co_limiter_hold(&s.limiter, 300, 1);
  CHECK(co_schedule_next(&s, 1) == NULL && t->state == CO_DONE);
  CHECK(t->result.kind == CO_KIND_THROTTLED && t->result.status == 429);
  CHECK(t->result.outcome == CO_OUTCOME_REJECTED);
  co_transfer_free(t);
}


static void test_pause(void) {
  co_schedule s = new_schedule(1);
  co_transfer *t = co_transfer_new(&co_pause, 0);
  co_schedule_pause(&s, t, 2, 10);
  CHECK_NEAR(co_schedule_due(&s, 10), 12);
  CHECK(co_schedule_next(&s, 11.9) == NULL && t->state == CO_PAUSED);
  CHECK(co_schedule_next(&s, 12) == NULL && t->state == CO_DONE);
  CHECK(t->result.kind == CO_KIND_OK && s.pending == 0);
  co_transfer_free(t);
}


/* Ended from outside, in each state; what was under way is unknown. */
static void test_fail(void) {
  co_schedule s = new_schedule(1);
  co_transfer *active = added(&s, "update", 0);
  co_transfer *queued = added(&s, "update", 0);
  CHECK(co_schedule_next(&s, 0) == active);
  co_schedule_start(&s, active, 0);
  co_schedule_fail(&s, active, CO_KIND_CANCELLED, CO_OUTCOME_UNKNOWN, "x", 1);
  co_schedule_fail(&s, queued, CO_KIND_CANCELLED, CO_OUTCOME_NOT_SENT, "y", 1);
  CHECK(active->state == CO_DONE && queued->state == CO_DONE);
  CHECK(s.pending == 0 && s.limiter.in_flight == 0);
  CHECK(active->result.outcome == CO_OUTCOME_UNKNOWN);
  CHECK(queued->result.outcome == CO_OUTCOME_NOT_SENT);
  co_transfer_free(active);
  co_transfer_free(queued);
}


/* A delete whose answer was lost meets its own 404: it is done. Without a
** lost answer a 404 is one. */
static void test_gone(void) {
  co_schedule s = new_schedule(1);
  co_transfer *lost = added(&s, "delete", 0);
  attempt(&s, lost, 0, 0);
  CHECK(lost->state == CO_PAUSED);
  attempt(&s, lost, 404, lost->start_at);
  CHECK(lost->result.kind == CO_KIND_OK);
  co_transfer *absent = added(&s, "delete", 9);
  attempt(&s, absent, 404, 9);
  CHECK(absent->result.kind == CO_KIND_MISSING);
  co_transfer_free(lost);
  co_transfer_free(absent);
}


/* Ten attempts without a server over three seconds, and no repeat is made. */
static void test_unreachable(void) {
  co_schedule s = new_schedule(1);
  co_transfer *t = NULL;
  for (int i = 0; i < 10; i++) {
    double now = i;
    CHECK(!co_schedule_unreachable(&s, now));
    t = added(&s, "get", now);
    CHECK(co_schedule_next(&s, now) == t);
    co_schedule_start(&s, t, now);
    t->attempt.unsent = true;
    t->attempt.kind = t->result.kind = CO_KIND_NETWORK;
    t->attempt.code = CURLE_COULDNT_CONNECT;
    co_schedule_attempted(&s, t, now);
    if (t->state != CO_DONE)
      co_schedule_fail(&s, t, CO_KIND_CANCELLED, CO_OUTCOME_NOT_SENT, "", now);
    if (i < 9) co_transfer_free(t);
    if (i < 9) s.queues[CO_DONE] = (co_queue){0};
  }
  CHECK(co_schedule_unreachable(&s, 9));
  co_transfer_free(t);
}


/* A pause ends every queued transfer whose deadline it passes. */
static void test_deadlines_in_pause(void) {
  co_schedule s = new_schedule(16);
  co_transfer *patient = added(&s, "get", 0);
  co_transfer *hasty = co_transfer_new(co_endpoint_find("get"), 1000);
  hasty->allowed = 1;
  co_schedule_add(&s, hasty, 0);
  co_limiter_hold(&s.limiter, 5, 0);
  for (int now = 0; now < 2; now++) {
    CHECK_NEAR(co_schedule_due(&s, now), now);
    CHECK(co_schedule_next(&s, now) == NULL);
    CHECK(hasty->result.kind == CO_KIND_THROTTLED);
    co_schedule_remove(&s, hasty);
    CHECK_NEAR(co_schedule_due(&s, now), 5);
    co_schedule_add(&s, hasty, now + 1);
  }
  co_transfer_free(patient);
  co_transfer_free(hasty);
}


/* An uncollected transfer wakes the host, ever less often. */
static void test_reminders(void) {
  co_schedule s = new_schedule(1);
  co_transfer *t = added(&s, "get", 0);
  attempt(&s, t, 200, 5);
  CHECK_NEAR(co_schedule_due(&s, 5), 5);
  CHECK_NEAR(co_schedule_due(&s, 5.0005), 5.0005);
  for (int i = 0; i < 10; i++) co_schedule_wake(&s);
  CHECK_NEAR(co_schedule_due(&s, 5.0005), 5.001);
  CHECK_NEAR(co_schedule_due(&s, 5.01), 5.02);
  CHECK_NEAR(co_schedule_due(&s, 15), 15.1);
  co_transfer_free(t);
}


/* A nudge wakes the host in the same way, though there is no transfer. */
static void test_nudge(void) {
  co_schedule s = new_schedule(1);
  co_schedule_nudge(&s, 5);
  CHECK_NEAR(co_schedule_due(&s, 5), 5);
  CHECK_NEAR(co_schedule_due(&s, 5.01), 5.02);
  co_schedule_nudge(&s, 0);
  CHECK(isinf(co_schedule_due(&s, 5.01)));
}


/* A child of fork() is seeded again, else all children have the same pauses. */
static void test_seed(void) {
  co_schedule s = new_schedule(16), other = new_schedule(16);
  co_transfer *t = added(&s, "get", 0), *u = added(&other, "get", 0);
  co_schedule_seed(&other, 7);
  attempt(&s, t, 502, 1);
  attempt(&other, u, 502, 1);
  CHECK(t->state == CO_PAUSED && u->state == CO_PAUSED);
  CHECK(t->start_at != u->start_at);
  co_transfer_free(t);
  co_transfer_free(u);
}


static co_transfer *made_from_read(co_schedule *s, double now) {
  co_transfer *t = co_transfer_new(co_endpoint_find("update"), 1000);
  t->read_good_for = 2;
  co_schedule_add(s, t, now);
  return t;
}


/* A write that was made from a read goes before the others, and ends as stale
** once the read is too old. */
static void test_read_good_for(void) {
  co_schedule s = new_schedule(16);
  co_transfer *get = added(&s, "get", 0), *put = made_from_read(&s, 0);
  CHECK(co_schedule_next(&s, 1) == put);
  co_limiter_hold(&s.limiter, 20, 1);
  CHECK(co_schedule_next(&s, 30) == get);
  CHECK(put->state == CO_DONE && put->result.stale);
  CHECK(put->result.kind == CO_KIND_TIMEOUT);
  CHECK(put->result.outcome == CO_OUTCOME_NOT_SENT);
  co_transfer_free(get);
  co_transfer_free(put);
}


/* What was pushed back and is too old then keeps its last answer; what may be
** done by an earlier attempt is unknown. */
static void test_read_good_for_pushed_back(void) {
  static const long earlier[] = {429, 0};
  for (int i = 0; i < 2; i++) {
    co_schedule s = new_schedule(16);
    co_transfer *put = made_from_read(&s, 0);
    attempt(&s, put, earlier[i], 0);
    double now = co_schedule_due(&s, 0);
    attempt(&s, put, 429, now);
    CHECK(put->state == CO_QUEUED && !put->result.stale);
    CHECK(co_schedule_next(&s, 30) == NULL);
    CHECK(put->state == CO_DONE && put->result.stale);
    CHECK(put->result.kind == CO_KIND_THROTTLED);
    CHECK(put->result.outcome ==
          (i == 0 ? CO_OUTCOME_REJECTED : CO_OUTCOME_UNKNOWN));
    co_transfer_free(put);
  }
}


/* A transfer may have a deadline of its own. */
static void test_own_deadline(void) {
  co_schedule s = new_schedule(16);
  co_transfer *t = co_transfer_new(co_endpoint_find("get"), 1000);
  t->allowed = 3;
  co_schedule_add(&s, t, 10);
  CHECK_NEAR(t->deadline, 13);
  co_schedule_fail(&s, t, CO_KIND_CANCELLED, CO_OUTCOME_NOT_SENT, "", 10);
  co_transfer_free(t);
}


int main(void) {
  test_own_deadline();
  test_seed();
  test_success();
  test_repeat();
  test_exhausted();
  test_window();
  test_deadline_queued();
  test_deadline_held();
  test_deadline_in_a_pause();
  test_free();
  test_no_retries();
  test_free_until_deadline();
  test_pause();
  test_fail();
  test_gone();
  test_unreachable();
  test_deadlines_in_pause();
  test_reminders();
  test_nudge();
  test_read_good_for();
  test_read_good_for_pushed_back();
  return check_report();
}
