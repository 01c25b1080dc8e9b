/*
** The pollable descriptor on macOS and the BSDs: a kqueue with a timer in it.
** Our tests only compile this file, against a stub; it has never been run on
** one of these systems.
*/
#if !defined(__linux__)

#include <sys/types.h>

#include <sys/event.h>
#include <math.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "core/wire/pollset.h"

enum { MOST = 64, ALARM = 1 };


bool co_pollset_open(co_pollset *set) {
  *set = CO_POLLSET_CLOSED;
  set->when = INFINITY;
  set->fd = kqueue();
  return set->fd >= 0;
}


void co_pollset_close(co_pollset *set) {
  if (set->fd >= 0) close(set->fd);
  *set = CO_POLLSET_CLOSED;
}


static void change(const co_pollset *set, uintptr_t what, short filter,
                   bool wanted, int64_t data) {
  struct kevent event;
  EV_SET(&event, what, filter, wanted ? EV_ADD : EV_DELETE, 0, data, NULL);
  kevent(set->fd, &event, 1, NULL, 0, NULL);
}


/* Makes one change in each call: removing a filter that is not in the set
** fails, and would prevent the other changes of its list. */
void co_pollset_watch(const co_pollset *set, int fd, bool in, bool out,
                      bool known) {
  (void)known;
  change(set, (uintptr_t)fd, EVFILT_READ, in, 0);
  change(set, (uintptr_t)fd, EVFILT_WRITE, out, 0);
}


static int64_t milliseconds_until(double when) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  double seconds = when - (double)t.tv_sec - (double)t.tv_nsec / 1e9;
  return (int64_t)fmin(fmax(ceil(seconds * 1000), 1), INT32_MAX);
}


/* Deleting the timer also clears an expiration. */
void co_pollset_alarm(co_pollset *set, double when) {
  if (when == set->when) return;
  set->when = when;
  change(set, ALARM, EVFILT_TIMER, false, 0);
  if (!isinf(when))
    change(set, ALARM, EVFILT_TIMER, true, milliseconds_until(when));
}


static co_ready ready_of(const struct kevent *event) {
  return (co_ready){
    .fd = (int)event->ident,
    .in = event->filter == EVFILT_READ,
    .out = event->filter == EVFILT_WRITE,
    .broken = (event->flags & (EV_EOF | EV_ERROR)) != 0
  };
}


/* Leaves out the timer, which expires every period until the alarm is set
** again. */
int co_pollset_wait(const co_pollset *set, co_ready *ready, int room,
                    double seconds) {
  struct kevent events[MOST];
  double whole = floor(fmin(seconds, INT32_MAX));
  struct timespec limit = {
    .tv_sec = (time_t)whole,
    .tv_nsec = (long)(fmin(seconds - whole, 0.999999999) * 1e9)
  };
  int most = room < MOST ? room : MOST, filled = 0;
  int n = kevent(set->fd, NULL, 0, events, most, seconds < 0 ? NULL : &limit);
  for (int i = 0; i < n; i++)
    if (events[i].filter != EVFILT_TIMER)
      ready[filled++] = ready_of(&events[i]);
  return filled;
}

#else

/* ISO C requires a declaration in every file. */
typedef int co_pollset_is_by_epoll;

#endif
