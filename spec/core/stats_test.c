/*
** src/core/stats.c: the percentiles of a histogram are within 5 % of those of
** the recorded numbers.
*/
#include "core/stats.h"

#include <stdlib.h>

#include "check.h"

enum { MANY = 20000 };


static bool within(double got, double wanted, double part) {
  return fabs(got - wanted) <= part * wanted;
}


static void test_empty(void) {
  co_stats stats = {0};
  CHECK(co_stats_latency(&stats, 0) == 0);
  CHECK(co_stats_latency(&stats, 0.5) == 0);
  CHECK(co_stats_latency(&stats, 1) == 0);
}


static void test_one(void) {
  static const int64_t rows[] = {1, 2, 3, 10, 999, 1000, 4321, 1000000,
                                 60000000, 3600000000};
  for (size_t i = 0; i < ROWS(rows); i++) {
    co_stats stats = {0};
    double wanted = (double)rows[i] / 1e6;
    co_stats_add_latency(&stats, rows[i]);
    CHECK(stats.answers == 1);
    CHECK(within(co_stats_latency(&stats, 0.5), wanted, 0.05));
    CHECK(within(co_stats_latency(&stats, 0), wanted, 0.05));
    CHECK(within(co_stats_latency(&stats, 1), wanted, 0.05));
  }
}


/* Values out of bounds are counted, and nothing is written beside the table. */
static void test_extremes(void) {
  static const int64_t rows[] = {0, -1, INT64_MIN, INT64_MAX};
  co_stats stats = {0};
  for (size_t i = 0; i < ROWS(rows); i++)
    co_stats_add_latency(&stats, rows[i]);
  CHECK(stats.answers == 4);
  CHECK(stats.latency[0] == 3);
  CHECK(stats.latency[CO_STEPS * CO_DOUBLINGS - 1] == 1);
  CHECK(within(co_stats_latency(&stats, 0.5), 1e-6, 0.05));
  CHECK(co_stats_latency(&stats, 1) > 60000);
}


static int compare(const void *left, const void *right) {
  int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
  return (a > b) - (a < b);
}


/* Microseconds from 100 to 10^8, many small and few large. */
static int64_t some_latency(uint64_t *state) {
  *state = *state * 6364136223846793005UL + 1442695040888963407UL;
  double part = (double)(*state >> 11) / 9007199254740992.0;
  return (int64_t)(100 * pow(10, 6 * part * part));
}


static void test_percentiles(void) {
  static const double parts[] = {0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1};
  static int64_t values[MANY];
  co_stats stats = {0};
  uint64_t state = 42;
  for (int i = 0; i < MANY; i++)
    co_stats_add_latency(&stats, values[i] = some_latency(&state));
  qsort(values, MANY, sizeof values[0], compare);
  for (size_t i = 0; i < ROWS(parts); i++) {
    int64_t wanted = values[(int)(parts[i] * MANY) - 1];
    CHECK(within(co_stats_latency(&stats, parts[i]), (double)wanted / 1e6,
                 0.05));
  }
}


/* One slow answer among a hundred is the p100, not the p99. */
static void test_ranks(void) {
  co_stats stats = {0};
  for (int i = 0; i < 99; i++) co_stats_add_latency(&stats, 1000);
  co_stats_add_latency(&stats, 5000000);
  CHECK(within(co_stats_latency(&stats, 0.5), 0.001, 0.05));
  CHECK(within(co_stats_latency(&stats, 0.99), 0.001, 0.05));
  CHECK(within(co_stats_latency(&stats, 0.999), 5, 0.05));
}


int main(void) {
  test_empty();
  test_one();
  test_extremes();
  test_percentiles();
  test_ranks();
  return check_report();
}
