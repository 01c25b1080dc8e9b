/*
** The pollable descriptor on Linux: an epoll set with a timerfd in it.
*/
#if defined(__linux__)

#include "core/wire/pollset.h"

#include <math.h>
#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 64 };

/* Seconds. A shorter wait ends on time. A longer one, such as the engine's wait
** for an answer, may end a millisecond early, and needs a system call less. */
static const double shortly = 0.05;


static bool watch_alarm(const co_pollset *set) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = set->alarm};
  return epoll_ctl(set->fd, EPOLL_CTL_ADD, set->alarm, &event) == 0;
}


bool co_pollset_open(co_pollset *set) {
  set->when = INFINITY;
  set->fd = epoll_create1(EPOLL_CLOEXEC);
  set->alarm = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  return set->fd >= 0 && set->alarm >= 0 && watch_alarm(set);
}


void co_pollset_close(co_pollset *set) {
  if (set->fd >= 0) close(set->fd);
  if (set->alarm >= 0) close(set->alarm);
  *set = CO_POLLSET_CLOSED;
}


void co_pollset_watch(const co_pollset *set, int fd, bool in, bool out,
                      bool known) {
  struct epoll_event event = {.data.fd = fd};
  if (in) event.events |= EPOLLIN;
  if (out) event.events |= EPOLLOUT;
  int how = known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (!in && !out) how = EPOLL_CTL_DEL;
  /* Removing a descriptor that was already closed fails, which is right. A
  ** descriptor that was closed and opened again is unknown to the set. */
  if (epoll_ctl(set->fd, how, fd, &event) != 0 && how == EPOLL_CTL_MOD)
    epoll_ctl(set->fd, EPOLL_CTL_ADD, fd, &event);
}


/* Setting the timer also clears an expiration; all zero disarms it. */
void co_pollset_alarm(co_pollset *set, double when) {
  struct itimerspec spec = {0};
  if (when == set->when) return;
  set->when = when;
  if (!isinf(when)) {
    spec.it_value.tv_sec = (time_t)when;
    spec.it_value.tv_nsec = (long)((when - floor(when)) * 999999999) + 1;
  }
  timerfd_settime(set->alarm, TFD_TIMER_ABSTIME, &spec, NULL);
}


/* Waits with the precision of ppoll. epoll_wait counts in milliseconds: too
** coarse to start a hundred requests a second at even intervals. */
static bool wait_shortly(const co_pollset *set, double seconds) {
  struct pollfd poller = {.fd = set->fd, .events = POLLIN};
  struct timespec time = {.tv_nsec = (long)(seconds * 1e9)};
  return ppoll(&poller, 1, &time, NULL) > 0;
}


/* Rounds down: the caller that was woken early waits for the rest. */
static int milliseconds(double seconds) {
  if (seconds < 0) return -1;
  return (int)fmin(floor(seconds * 1000), INT32_MAX);
}


static co_ready ready_of(const struct epoll_event *event) {
  return (co_ready){
    .fd = event->data.fd,
    .in = (event->events & EPOLLIN) != 0,
    .out = (event->events & EPOLLOUT) != 0,
    .broken = (event->events & (EPOLLERR | EPOLLHUP)) != 0
  };
}


int co_pollset_wait(const co_pollset *set, co_ready *ready, int room,
                    double seconds) {
  struct epoll_event events[MOST];
  int most = room < MOST ? room : MOST, filled = 0;
  if (seconds > 0 && seconds < shortly) {
    if (!wait_shortly(set, seconds)) return 0;
    seconds = 0;
  }
  int n = epoll_wait(set->fd, events, most, milliseconds(seconds));
  for (int i = 0; i < n; i++)
    if (events[i].data.fd != set->alarm) ready[filled++] = ready_of(&events[i]);
  return filled;
}

#else

/* ISO C requires a declaration in every file. */
typedef int co_pollset_is_by_kqueue;

#endif
