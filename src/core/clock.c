/*
** CLOCK_MONOTONIC as seconds. It does not jump when the system time is set.
*/
#include "core/clock.h"

#include <time.h>


double co_clock_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
