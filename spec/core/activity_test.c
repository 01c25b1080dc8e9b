/*
** src/core/activity.c: counters, and the lines that tracing keeps.
*/
#include "core/activity.h"

#include "check.h"
#include "ended.h"


static void test_counters(void) {
  co_activity activity;
  co_activity_init(&activity, false);
  co_transfer *answered = ended(200, CURLE_OK, CO_KIND_OK);
  co_transfer *lost = ended(0, CURLE_RECV_ERROR, CO_KIND_NETWORK);
  co_activity_start(&activity, false);
  co_activity_end(&activity, answered);
  co_activity_start(&activity, true);
  co_activity_end(&activity, lost);
  const co_stats *stats = &activity.stats;
  CHECK(stats->requests == 2 && stats->retries == 1);
  CHECK(stats->connections == 2);
  CHECK(stats->sent == 200 && stats->received == 400);
  CHECK(stats->answers == 1);  /* the latency of a lost answer is none */
  CHECK(activity.lines.length == 0);
  co_activity_free(&activity);
  co_transfer_free(answered);
  co_transfer_free(lost);
}


/* Nobody reads the lines: they do not grow without end. */
static void test_cap(void) {
  co_activity activity;
  co_activity_init(&activity, true);
  co_transfer *t = ended(200, CURLE_OK, CO_KIND_OK);
  for (int i = 0; i < 10000; i++) co_activity_end(&activity, t);
  CHECK(activity.lines.length <= 256 * 1024);
  CHECK(activity.stats.answers == 10000);
  co_activity_free(&activity);
  co_transfer_free(t);
}


int main(void) {
  test_counters();
  test_cap();
  return check_report();
}
