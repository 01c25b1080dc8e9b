/*
** src/core/limiter.c: how many requests are under way and how fast they
** start. The clock is a variable.
*/
#include "core/limiter.h"

#include "check.h"


/* Starts as many requests as allowed, at most `most` in all. Returns how many
** are under way. */
static int fill(co_limiter *limiter, double now, int most) {
  while (limiter->in_flight < most && co_limiter_delay(limiter, now) == 0)
    co_limiter_start(limiter, now);
  return limiter->in_flight;
}


/* Answers for all that are under way, one after another, each place taken
** at once by the next in a queue of which `most` are ready. */
static void round_trip(co_limiter *limiter, double *now, int most) {
  double started = *now;
  *now += 0.1;
  for (int n = fill(limiter, started, most); n > 0; n--) {
    co_limiter_end(limiter, CO_CALM, started, 1, *now);
    fill(limiter, *now, most);
  }
}


static void one(co_limiter *limiter, co_strain strain, double started,
                double ended) {
  co_limiter_start(limiter, started);
  co_limiter_end(limiter, strain, started, 1, ended);
}


static void test_first_window(void) {
  static const struct { int jobs, window; } rows[] = {
    {1, 1}, {2, 2}, {8, 8}, {9, 8}, {16, 8}, {1000, 8}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    co_limiter limiter;
    co_limiter_init(&limiter, rows[i].jobs, 0);
    CHECK(fill(&limiter, 0, 5000) == rows[i].window);
  }
}


static void test_full(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 2, 0);
  CHECK(co_limiter_delay(&limiter, 5) == 0);
  co_limiter_start(&limiter, 5);
  co_limiter_start(&limiter, 5);
  CHECK(co_limiter_delay(&limiter, 5) < 0);
  CHECK(co_limiter_delay(&limiter, 1e9) < 0);
  co_limiter_end(&limiter, CO_NEITHER, 5, 1, 6);
  CHECK(co_limiter_delay(&limiter, 6) == 0);
}


/* The first growth doubles a round; `jobs` is the end of it. */
static void test_growth(void) {
  static const int rounds[] = {8, 16, 32, 64, 100, 100};
  co_limiter limiter;
  double now = 0;
  co_limiter_init(&limiter, 100, 0);
  for (size_t i = 0; i < ROWS(rounds); i++) {
    CHECK(fill(&limiter, now, 5000) == rounds[i]);
    round_trip(&limiter, &now, 5000);
  }
}


/* Answers that come in one burst, before anybody starts again, count each:
** with a latency that is the same for all it is how they always come. */
static void test_growth_in_bursts(void) {
  static const int windows[] = {8, 16, 32, 64, 100, 100};
  co_limiter limiter;
  double now = 0;
  co_limiter_init(&limiter, 100, 0);
  for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++, now += 1) {
    int n = fill(&limiter, now, 100);
    CHECK(n == windows[i]);
    while (n-- > 0) co_limiter_end(&limiter, CO_CALM, now, 1, now + 0.5);
  }
}


static void test_no_growth_unused(void) {
  co_limiter limiter;
  double now = 0;
  co_limiter_init(&limiter, 100, 0);
  for (int i = 0; i < 1000; i++) round_trip(&limiter, &now, 7);
  CHECK(limiter.window == 8);
  round_trip(&limiter, &now, 8);
  CHECK(limiter.window > 8);
}


static void test_no_growth_by_failures(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 100, 0);
  for (int i = 0; i < 8; i++) co_limiter_start(&limiter, 0);
  for (int i = 0; i < 1000; i++) {
    co_limiter_end(&limiter, CO_NEITHER, 0, 1, 1);
    co_limiter_start(&limiter, 1);
  }
  CHECK(limiter.window == 8);
}


/* Eight that were under way together report one strain. */
static void test_halving(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 8, 0);
  for (int i = 0; i < 8; i++) co_limiter_start(&limiter, 0.1 * i);
  for (int i = 0; i < 8; i++)
    co_limiter_end(&limiter, CO_STRAINED, 0.1 * i, 1,
                   1 + 0.1 * i);
  CHECK(limiter.window == 4);
  CHECK(limiter.in_flight == 0);
  one(&limiter, CO_STRAINED, 2, 3);
  CHECK(limiter.window == 2);
  one(&limiter, CO_STRAINED, 2.5, 4);
  CHECK(limiter.window == 2);
}


static void test_never_below_one(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 100, 0);
  for (int i = 0; i < 1000; i++) one(&limiter, CO_STRAINED, 2 * i, 2 * i + 1);
  CHECK(limiter.window == 1);
  CHECK(co_limiter_delay(&limiter, 5000) == 0);
}


/* Where strain was met, growth is slow: one more a round. */
static void test_growth_after_strain(void) {
  co_limiter limiter;
  double now = 100;
  co_limiter_init(&limiter, 16, 0);
  one(&limiter, CO_STRAINED, 1, 2);
  for (int rounds = 0; rounds < 8; rounds++) {
    double before = limiter.window;
    round_trip(&limiter, &now, 5000);
    CHECK(limiter.window > before && limiter.window <= before + 1);
  }
  for (int i = 0; i < 50; i++) round_trip(&limiter, &now, 5000);
  CHECK(fill(&limiter, now, 5000) == 16);
}


/* Whatever comes, in whatever order: 1 <= window <= jobs. */
static void test_bounds(void) {
  unsigned long state = 7;
  bool bounded = true;
  co_limiter limiter;
  co_limiter_init(&limiter, 13, 0);
  for (int i = 0; i < 100000; i++) {
    state = state * 6364136223846793005UL + 1442695040888963407UL;
    unsigned long pick = state >> 40;
    double now = i * 0.01;
    if (co_limiter_delay(&limiter, now) == 0) co_limiter_start(&limiter, now);
    if (limiter.in_flight > 0 && pick % 3 != 0)
      co_limiter_end(&limiter, (co_strain)(pick / 3 % 3),
                     now - (double)(pick % 100) / 100, 1, now);
    bounded = bounded && limiter.window >= 1 && limiter.window <= 13 &&
              limiter.in_flight >= 0 && limiter.in_flight <= 13;
  }
  CHECK(bounded);
}


static void test_rate(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 100, 4);
  CHECK(co_limiter_delay(&limiter, 10) == 0);
  co_limiter_start(&limiter, 10);
  CHECK_NEAR(co_limiter_delay(&limiter, 10), 0.25);
  CHECK_NEAR(co_limiter_delay(&limiter, 10.2), 0.05);
  CHECK(co_limiter_delay(&limiter, 10.25) == 0);
  co_limiter_start(&limiter, 10.25);
  CHECK_NEAR(co_limiter_delay(&limiter, 10.25), 0.25);
}


/* Time in which nothing was asked for is not made up for. */
static void test_rate_after_rest(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 100, 4);
  co_limiter_start(&limiter, 10);
  CHECK(co_limiter_delay(&limiter, 60) == 0);
  co_limiter_start(&limiter, 60);
  CHECK_NEAR(co_limiter_delay(&limiter, 60), 0.25);
}


/* A thousand starts, each as soon as it may, last a thousand intervals. */
static void test_rate_over_time(void) {
  co_limiter limiter;
  double now = 3;
  co_limiter_init(&limiter, 1, 50);
  for (int i = 0; i < 1000; i++) {
    now += co_limiter_delay(&limiter, now);
    one(&limiter, CO_CALM, now, now);
  }
  CHECK(fabs(now - 3 - 999 / 50.0) < 1e-6);
}


static void test_hold(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 4, 0);
  co_limiter_hold(&limiter, 7, 100);
  CHECK_NEAR(co_limiter_delay(&limiter, 100), 7);
  co_limiter_hold(&limiter, 2, 101);
  CHECK_NEAR(co_limiter_delay(&limiter, 101), 6);
  co_limiter_hold(&limiter, 10, 102);
  CHECK_NEAR(co_limiter_delay(&limiter, 102), 10);
  CHECK(co_limiter_delay(&limiter, 112) == 0);
  CHECK(co_limiter_delay(&limiter, 1e9) == 0);
}


static void test_hold_and_rate(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 4, 2);
  co_limiter_start(&limiter, 10);
  co_limiter_hold(&limiter, 0.1, 10);
  CHECK_NEAR(co_limiter_delay(&limiter, 10), 0.5);
  co_limiter_hold(&limiter, 3, 10);
  CHECK_NEAR(co_limiter_delay(&limiter, 10), 3);
  co_limiter_start(&limiter, 13);
  CHECK_NEAR(co_limiter_delay(&limiter, 13), 0.5);
}


static int drain(co_limiter *limiter) {
  int n = 0;
  while (n < 1000 && co_limiter_spend_repeat(limiter)) n++;
  return n;
}


static void test_budget(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 4, 0);
  CHECK(drain(&limiter) == 100);
  CHECK(!co_limiter_spend_repeat(&limiter));
  for (int i = 0; i < 4; i++) one(&limiter, CO_CALM, i, i);
  CHECK(drain(&limiter) == 0);
  one(&limiter, CO_CALM, 5, 5);
  CHECK(drain(&limiter) == 1);
  for (int i = 0; i < 100; i++) one(&limiter, CO_NEITHER, i, i);
  for (int i = 0; i < 100; i++) one(&limiter, CO_STRAINED, i, i);
  CHECK(drain(&limiter) == 0);
  for (int i = 0; i < 10000; i++) one(&limiter, CO_CALM, i, i);
  CHECK(drain(&limiter) == 100);
}


static void test_held(void) {
  co_limiter limiter;
  co_limiter_init(&limiter, 8, 0);
  CHECK(co_limiter_held(&limiter, 100) == 0);
  co_limiter_hold(&limiter, 10, 100);
  CHECK_NEAR(co_limiter_held(&limiter, 104), 4);
  co_limiter_hold(&limiter, 10, 104);
  CHECK_NEAR(co_limiter_held(&limiter, 200), 14);
  co_limiter_hold(&limiter, 1, 300);
  CHECK_NEAR(co_limiter_held(&limiter, 400), 15);
}


int main(void) {
  test_first_window();
  test_full();
  test_growth();
  test_growth_in_bursts();
  test_no_growth_unused();
  test_no_growth_by_failures();
  test_halving();
  test_never_below_one();
  test_growth_after_strain();
  test_bounds();
  test_rate();
  test_rate_after_rest();
  test_rate_over_time();
  test_hold();
  test_hold_and_rate();
  test_budget();
  test_held();
  return check_report();
}
