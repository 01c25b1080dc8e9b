/*
** src/core/limiter.c: the pace and the pauses after push-backs. The clock is a
** variable.
*/
#include "core/limiter.h"

#include "check.h"


static void one(co_limiter *limiter, co_strain strain, double started,
                double ended) {
  co_limiter_start(limiter, started);
  co_limiter_end(limiter, strain, started, 1, ended);
}


static void push_back(co_limiter *limiter, double started, double seconds,
                      double now) {
  co_limiter_start(limiter, started);
  co_limiter_push_back(limiter, started, 1, seconds, 0, now);
}


/* The search begins at twenty a second, whatever got through before: a server
** may let a burst through. Each success grows the pace, each push-back halves
** the growth. */
static void test_search(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 16, 0);
  for (int i = 0; i < 40; i++) one(&limiter, CO_CALM, i * 0.001, i * 0.001);
  CHECK(isinf(limiter.pace));
  push_back(&limiter, 2, -1, 2);
  CHECK_NEAR(limiter.pace, 20);
  CHECK_NEAR(co_limiter_delay(&limiter, 2), 0.05);
  co_limiter_start(&limiter, 3);
  CHECK_NEAR(co_limiter_delay(&limiter, 3), 0.05);
  for (int i = 0; i < 5; i++) one(&limiter, CO_CALM, 3, 3.1);
  CHECK_NEAR(limiter.pace, 20 * pow(1.12, 5));
  push_back(&limiter, 4, -1, 4);
  CHECK_NEAR(limiter.limit, 20 * pow(1.12, 5));
  CHECK_NEAR(limiter.pace, 20 * pow(1.12, 5) * 0.88);
  CHECK_NEAR(limiter.growth, 0.06);
}


/* The pace after fifty rounds of so many successes and one refusal, from 50
** requests a second. With one refusal in some 22 it stays; with more it falls,
** with fewer it rises; the more a pause costs, the fewer are put up with. */
static double pace_after(int successes, double pause) {
  co_limiter limiter;
  double now = 10;
  co_limiter_init(&limiter, 16, 0);
  push_back(&limiter, 1, -1, 1);
  limiter.pace = limiter.limit = 50;
  limiter.growth = 0;
  for (int round = 0; round < 50; round++) {
    for (int i = 0; i < successes; i++, now += 0.02)
      one(&limiter, CO_CALM, now, now);
    push_back(&limiter, now + 10, pause, now + 10);
    now += 20;
  }
  return limiter.pace;
}


static void test_few_refusals(void) {
  CHECK(pace_after(10, -1) < 20);
  double kept = pace_after(22, -1);
  CHECK(kept > 35 && kept < 50);
  CHECK(pace_after(40, -1) > 100);
  CHECK(pace_after(40, 1) < 5);
  CHECK(pace_after(440, 1) > 100);
}


/* What was refused used no interval, if it was the last to start. */
static void test_interval_of_refused(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 16, 0);
  push_back(&limiter, 1, -1, 1);
  limiter.pace = 10;
  push_back(&limiter, 2, -1, 2.001);
  CHECK(co_limiter_delay(&limiter, 2.001) < 0.06);
  co_limiter_start(&limiter, 3);
  co_limiter_start(&limiter, 3.1);
  co_limiter_push_back(&limiter, 3, 1, -1, 0, 3.101);
  CHECK(co_limiter_delay(&limiter, 3.101) > 0.09);
}


/* A limiter whose first push-back was at 1, with that pace. */
static co_limiter paced(double pace) {
  co_limiter limiter;
  co_limiter_init(&limiter, 16, 0);
  push_back(&limiter, 1, -1, 1);
  limiter.pace = limiter.limit = pace;
  limiter.growth = 0;
  return limiter;
}


/* Far above the limit: the pace is cut by the part that push-backs cost. */
static void test_far_above(void) {
  co_limiter limiter = paced(40);
  co_limiter_start(&limiter, 2);
  for (int i = 0; i < 8; i++) co_limiter_start(&limiter, 2);
  for (int i = 0; i < 8; i++) co_limiter_push_back(&limiter, 2, 1, -1, 0, 3);
  co_limiter_end(&limiter, CO_CALM, 2, 1, 3);
  CHECK(limiter.lost_usual > 2 && limiter.lost_usual < 2.1);
  double before = limiter.pace;
  push_back(&limiter, 4, -1, 4);
  CHECK_NEAR(limiter.pace, before / 2);
  CHECK(limiter.lost_usual == 0);
}


/* Near the limit: a push-back whose repeat gets through at once costs little,
** and a few of them in a row, as programs that share a limit see them, do not
** slow the pace down further than the same number one by one. */
static void test_short_pause(void) {
  co_limiter limiter = paced(40);
  for (int i = 0; i < 4; i++) {
    double now = 2 + i;
    one(&limiter, CO_CALM, now, now);
    push_back(&limiter, now + 0.1, -1, now + 0.1);
    CHECK(co_limiter_delay(&limiter, now + 0.1) < 0.1 / 40);
    one(&limiter, CO_CALM, now + 0.2, now + 0.2);
  }
  CHECK(limiter.pace > 40 * pow(0.96, 4) && limiter.pace < 40);
}


/* A server's Retry-After is no time lost by too high a pace. */
static void test_asked_pause(void) {
  co_limiter limiter = paced(10);
  push_back(&limiter, 2, 5, 2);
  one(&limiter, CO_CALM, 8, 8);
  CHECK(limiter.lost_usual == 0);
}


/* A rate that the user set counts refused requests too. */
static void test_rate_of_refused(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 16, 4);
  push_back(&limiter, 1, -1, 1.01);
  CHECK_NEAR(co_limiter_delay(&limiter, 1.01), 0.24);
}


/* Pauses double while nothing gets through; a success resets them. */
static void test_pauses_grow(void) {
  co_limiter limiter;
  double now = 0, pauses[16];
  co_limiter_init(&limiter, 16, 0);
  for (int i = 0; i < 16; i++) {
    push_back(&limiter, now, -1, now);
    pauses[i] = co_limiter_delay(&limiter, now);
    now += pauses[i];
  }
  CHECK_NEAR(pauses[0], 0.05);
  for (int i = 2; i < 7; i++) CHECK_NEAR(pauses[i], 2 * pauses[i - 1]);
  CHECK_NEAR(pauses[15], 20);
  one(&limiter, CO_CALM, now, now);
  push_back(&limiter, now + 1, -1, now + 1);
  CHECK(co_limiter_delay(&limiter, now + 1) <= 1);
}


static void test_jitter(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 16, 0);
  co_limiter_start(&limiter, 5);
  co_limiter_push_back(&limiter, 5, 1, -1, 0.5, 5);
  CHECK_NEAR(co_limiter_delay(&limiter, 5), 0.0625);
  co_limiter_init(&limiter, 16, 0);
  co_limiter_start(&limiter, 5);
  co_limiter_push_back(&limiter, 5, 1, 8, 0.5, 5);
  CHECK_NEAR(co_limiter_delay(&limiter, 5), 9);
}


/* Those that were under way at a push-back report the same one. */
static void test_one_push_back(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 8, 0);
  for (int i = 0; i < 8; i++) co_limiter_start(&limiter, 1);
  for (int i = 0; i < 8; i++)
    co_limiter_push_back(&limiter, 1, i + 1, -1, 0, 1.1 + i * 0.01);
  CHECK(limiter.pushes == 1 && limiter.in_flight == 0);
  CHECK_NEAR(limiter.held_until, 1.15);
}


/* Whatever is refused for however long: some request every 20 seconds. */
static void test_slowest(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 8, 0);
  one(&limiter, CO_CALM, 0, 0);
  for (int i = 1; i < 5000; i++) push_back(&limiter, i * 60, -1, i * 60);
  CHECK(limiter.pace >= 0.05 && limiter.window >= 1);
  CHECK(co_limiter_delay(&limiter, 5000 * 60) <= 30);
}


int main(void) {
  test_search();
  test_few_refusals();
  test_interval_of_refused();
  test_far_above();
  test_short_pause();
  test_asked_pause();
  test_rate_of_refused();
  test_pauses_grow();
  test_jitter();
  test_one_push_back();
  test_slowest();
  return check_report();
}
