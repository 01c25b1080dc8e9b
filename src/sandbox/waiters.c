/*
** Connections that wait. One list, the soonest first; one thread sleeps on
** an epoll of a timer and of the sockets of those who wait, since libmicrohttpd
** does not watch a suspended connection and would miss that its client left.
**
** The lock is taken before libmicrohttpd's own, never after.
*/
#include "sandbox/waiters.h"

#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "sandbox/text.h"

#define EVENTS 64

struct sb_waiters {
  pthread_mutex_t lock;
  pthread_t thread;
  int epoll, timer;
  bool closed, ending;
  sb_waiter ends;   /* the list is a ring through this */
};


static int socket_of(struct MHD_Connection *connection) {
  return MHD_get_connection_info(connection,
                                 MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}


/* A time that has passed wakes the thread at once; INFINITY does not. */
static void wake_at(sb_waiters *waiters, double when) {
  struct itimerspec spec = {0};
  if (isfinite(when)) {
    spec.it_value.tv_sec = (time_t)when;
    spec.it_value.tv_nsec = (long)((when - floor(when)) * 999999999.0) + 1;
  }
  timerfd_settime(waiters->timer, TFD_TIMER_ABSTIME, &spec, NULL);
}


static void watch(sb_waiters *waiters, sb_waiter *waiter) {
  struct epoll_event event = {.events = EPOLLRDHUP, .data.ptr = waiter};
  epoll_ctl(waiters->epoll, EPOLL_CTL_ADD, socket_of(waiter->connection), &event);
}


static void leave(sb_waiters *waiters, sb_waiter *waiter) {
  waiter->previous->next = waiter->next;
  waiter->next->previous = waiter->previous;
  epoll_ctl(waiters->epoll, EPOLL_CTL_DEL, socket_of(waiter->connection), NULL);
  MHD_resume_connection(waiter->connection);
}


/* An event may be older than what now lies at its address, so the socket is
** asked once more. */
static void check_gone(sb_waiters *waiters, const sb_waiter *suspect) {
  sb_waiter *waiter = waiters->ends.next;
  while (waiter != &waiters->ends && waiter != suspect) waiter = waiter->next;
  if (waiter == &waiters->ends) return;
  struct pollfd gone = {socket_of(waiter->connection), POLLRDHUP, 0};
  if (poll(&gone, 1, 0) != 1) return;
  waiter->over = true;
  leave(waiters, waiter);
}


static void release_due(sb_waiters *waiters) {
  double now = sb_monotonic();
  while (waiters->ends.next != &waiters->ends && waiters->ends.next->until <= now)
    leave(waiters, waiters->ends.next);
  wake_at(waiters, waiters->ends.next == &waiters->ends ? INFINITY : waiters->ends.next->until);
}


static void *watch_lot(void *closure) {
  sb_waiters *waiters = closure;
  struct epoll_event events[EVENTS];
  bool ending = false;
  while (!ending) {
    int count = epoll_wait(waiters->epoll, events, EVENTS, -1);
    pthread_mutex_lock(&waiters->lock);
    for (int i = 0; i < count; i++)
      if (events[i].data.ptr) check_gone(waiters, events[i].data.ptr);
    release_due(waiters);
    ending = waiters->ending;
    pthread_mutex_unlock(&waiters->lock);
  }
  return NULL;
}


sb_waiters *sb_waiters_new(void) {
  sb_waiters *waiters = calloc(1, sizeof *waiters);
  if (!waiters) return NULL;
  struct epoll_event event = {.events = EPOLLIN};
  waiters->ends.next = waiters->ends.previous = &waiters->ends;
  waiters->epoll = epoll_create1(EPOLL_CLOEXEC);
  waiters->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (waiters->epoll >= 0 && waiters->timer >= 0
      && epoll_ctl(waiters->epoll, EPOLL_CTL_ADD, waiters->timer, &event) == 0
      && pthread_mutex_init(&waiters->lock, NULL) == 0
      && pthread_create(&waiters->thread, NULL, watch_lot, waiters) == 0)
    return waiters;
  if (waiters->epoll >= 0) close(waiters->epoll);
  if (waiters->timer >= 0) close(waiters->timer);
  free(waiters);
  return NULL;
}


void sb_waiters_free(sb_waiters *waiters) {
  if (!waiters) return;
  pthread_mutex_lock(&waiters->lock);
  waiters->ending = true;
  wake_at(waiters, 0);
  pthread_mutex_unlock(&waiters->lock);
  pthread_join(waiters->thread, NULL);
  pthread_mutex_destroy(&waiters->lock);
  close(waiters->epoll);
  close(waiters->timer);
  free(waiters);
}


static void insert(sb_waiters *waiters, sb_waiter *waiter) {
  sb_waiter *after = waiters->ends.previous;
  while (after != &waiters->ends && after->until > waiter->until)
    after = after->previous;
  waiter->previous = after;
  waiter->next = after->next;
  after->next = after->next->previous = waiter;
  if (after == &waiters->ends) wake_at(waiters, waiter->until);
}


bool sb_waiters_add(sb_waiters *waiters, sb_waiter *waiter,
                  struct MHD_Connection *connection, double until) {
  pthread_mutex_lock(&waiters->lock);
  bool open = !waiters->closed;
  if (open) {
    *waiter = (sb_waiter){.connection = connection, .until = until};
    insert(waiters, waiter);
    MHD_suspend_connection(connection);
    watch(waiters, waiter);
  }
  pthread_mutex_unlock(&waiters->lock);
  return open;
}


/* Gives up all who would wait at least until `until`. */
static void give_up(sb_waiters *waiters, double until) {
  while (waiters->ends.previous != &waiters->ends
         && waiters->ends.previous->until >= until) {
    waiters->ends.previous->over = true;
    leave(waiters, waiters->ends.previous);
  }
}


void sb_waiters_release(sb_waiters *waiters) {
  pthread_mutex_lock(&waiters->lock);
  give_up(waiters, INFINITY);
  pthread_mutex_unlock(&waiters->lock);
}


void sb_waiters_close(sb_waiters *waiters) {
  pthread_mutex_lock(&waiters->lock);
  waiters->closed = true;
  give_up(waiters, 0);
  pthread_mutex_unlock(&waiters->lock);
}
