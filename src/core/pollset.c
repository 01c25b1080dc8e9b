/*
** The pollable descriptor, by epoll.
*/
#include "core/pollset.h"

#include <math.h>
#include <stdint.h>
#include <sys/epoll.h>

enum { MOST = 64 };


int co_pollset_open(void) {
  return epoll_create1(EPOLL_CLOEXEC);
}


void co_pollset_watch(int set, int fd, bool in, bool out, bool known) {
  struct epoll_event event = {.data.fd = fd};
  if (in) event.events |= EPOLLIN;
  if (out) event.events |= EPOLLOUT;
  int how = known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (!in && !out) how = EPOLL_CTL_DEL;
  /* Removing what was closed already fails, and rightly does nothing. A
  ** descriptor that was closed and opened anew is unknown to the set. */
  if (epoll_ctl(set, how, fd, &event) != 0 && how == EPOLL_CTL_MOD)
    epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}


/* Rounded up: waking early means asking again at once, and again. */
static int milliseconds(double seconds) {
  if (seconds < 0) return -1;
  return (int)fmin(ceil(seconds * 1000), INT32_MAX);
}


int co_pollset_wait(int set, co_ready *ready, int room, double seconds) {
  struct epoll_event events[MOST];
  int most = room < MOST ? room : MOST;
  int n = epoll_wait(set, events, most, milliseconds(seconds));
  for (int i = 0; i < n; i++)
    ready[i] = (co_ready){
      .fd = events[i].data.fd,
      .in = (events[i].events & EPOLLIN) != 0,
      .out = (events[i].events & EPOLLOUT) != 0,
      .broken = (events[i].events & (EPOLLERR | EPOLLHUP)) != 0
    };
  return n < 0 ? 0 : n;
}
