/*
** src/core/wire/pollset.c: one descriptor for many descriptors and an alarm.
*/
#include "core/wire/pollset.h"

#include <poll.h>
#include <unistd.h>

#include "check.h"
#include "core/clock.h"


static bool readable(int fd, int ms) {
  struct pollfd poller = {.fd = fd, .events = POLLIN};
  return poll(&poller, 1, ms) == 1;
}


static void test_watch(void) {
  co_pollset set = CO_POLLSET_CLOSED;
  co_ready ready[4];
  int ends[2] = {-1, -1};
  CHECK(co_pollset_open(&set) && pipe(ends) == 0);
  co_pollset_watch(&set, ends[0], true, false, false);
  CHECK(co_pollset_wait(&set, ready, 4, 0) == 0);
  CHECK(write(ends[1], "x", 1) == 1);
  CHECK(readable(set.fd, 1000));
  CHECK(co_pollset_wait(&set, ready, 4, -1) == 1);
  CHECK(ready[0].fd == ends[0] && ready[0].in && !ready[0].out);
  co_pollset_watch(&set, ends[0], false, false, true);
  CHECK(co_pollset_wait(&set, ready, 4, 0) == 0);
  co_pollset_watch(&set, ends[1], false, true, false);
  CHECK(co_pollset_wait(&set, ready, 4, 1) == 1 && ready[0].out);
  close(ends[0]);
  CHECK(co_pollset_wait(&set, ready, 4, 1) == 1 && ready[0].broken);
  close(ends[1]);
  co_pollset_close(&set);
  CHECK(set.fd < 0);
}


/* A descriptor that was closed and opened again, unknown to the set. */
static void test_reopened(void) {
  co_pollset set = CO_POLLSET_CLOSED;
  co_ready ready[4];
  int ends[2] = {-1, -1};
  CHECK(co_pollset_open(&set) && pipe(ends) == 0);
  co_pollset_watch(&set, ends[0], true, false, true);
  CHECK(write(ends[1], "x", 1) == 1);
  CHECK(co_pollset_wait(&set, ready, 4, 1) == 1);
  close(ends[0]);
  close(ends[1]);
  co_pollset_close(&set);
}


static void test_alarm(void) {
  co_pollset set = CO_POLLSET_CLOSED;
  co_ready ready[4];
  CHECK(co_pollset_open(&set));
  co_pollset_alarm(&set, co_clock_now() + 0.02);
  CHECK(!readable(set.fd, 0) && readable(set.fd, 5000));
  CHECK(co_pollset_wait(&set, ready, 4, 0) == 0);  /* no entry */
  co_pollset_alarm(&set, INFINITY);
  CHECK(!readable(set.fd, 0));
  co_pollset_alarm(&set, co_clock_now() - 1);
  CHECK(readable(set.fd, 5000));
  co_pollset_close(&set);
}


static void test_time_out(void) {
  co_pollset set = CO_POLLSET_CLOSED;
  co_ready ready[4];
  CHECK(co_pollset_open(&set));
  double before = co_clock_now();
  CHECK(co_pollset_wait(&set, ready, 4, 0.03) == 0);
  CHECK(co_clock_now() - before >= 0.03);
  co_pollset_close(&set);
}


int main(void) {
  test_watch();
  test_reopened();
  test_alarm();
  test_time_out();
  return check_report();
}
