/*
** src/core/clock.c: the clock runs forward, in seconds, independent of the
** time of day.
*/
#include "core/clock.h"

#include <time.h>

#include "check.h"


static double wall_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return (double)t.tv_sec;
}


int main(void) {
  struct timespec pause = {0, 20000000};
  double before = co_clock_now();
  nanosleep(&pause, NULL);
  double after = co_clock_now();
  CHECK(after - before >= 0.02);
  CHECK(after - before < 20);
  CHECK(fabs(after - wall_clock()) > 24 * 3600);
  return check_report();
}
