/*
** Connections that wait, in one list, the soonest first. One thread waits on an
** epoll set of a timer and the sockets of these connections. The sockets are
** watched here because libmicrohttpd does not watch a suspended connection and
** would miss that its client has left.
**
** Lock order: this lock before libmicrohttpd's own.
*/
#include "sandbox/http/waiters.h"

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


/* Sets the timer. A time in the past wakes the thread at once, INFINITY
** never. */
static void wake_at(sb_waiters *list, double when) {
  struct itimerspec spec = {0};
  if (isfinite(when)) {
    spec.it_value.tv_sec = (time_t)when;
    spec.it_value.tv_nsec = (long)((when - floor(when)) * 999999999.0) + 1;
  }
  timerfd_settime(list->timer, TFD_TIMER_ABSTIME, &spec, NULL);
}


static void watch(sb_waiters *list, sb_waiter *waiter) {
  struct epoll_event event = {.events = EPOLLRDHUP, .data.ptr = waiter};
  epoll_ctl(list->epoll, EPOLL_CTL_ADD, socket_of(waiter->connection), &event);
}


static void leave(sb_waiters *list, sb_waiter *waiter) {
  waiter->previous->next = waiter->next;
  waiter->next->previous = waiter->previous;
  epoll_ctl(list->epoll, EPOLL_CTL_DEL, socket_of(waiter->connection), NULL);
  MHD_resume_connection(waiter->connection);
}


/* Ends the wait of `suspect` if its client has left. The event may be older
** than the waiter that is now at this address: the socket is tested again. */
static void check_gone(sb_waiters *list, const sb_waiter *suspect) {
  sb_waiter *waiter = list->ends.next;
  while (waiter != &list->ends && waiter != suspect) waiter = waiter->next;
  if (waiter == &list->ends) return;
  struct pollfd gone = {socket_of(waiter->connection), POLLRDHUP, 0};
  if (poll(&gone, 1, 0) != 1) return;
  waiter->over = true;
  leave(list, waiter);
}


static void release_due(sb_waiters *list) {
  double now = sb_monotonic();
  while (list->ends.next != &list->ends && list->ends.next->until <= now)
    leave(list, list->ends.next);
  wake_at(list, list->ends.next == &list->ends ? INFINITY
                                              : list->ends.next->until);
}


static void *watch_lot(void *closure) {
  sb_waiters *list = closure;
  struct epoll_event events[EVENTS];
  bool ending = false;
  while (!ending) {
    int count = epoll_wait(list->epoll, events, EVENTS, -1);
    pthread_mutex_lock(&list->lock);
    for (int i = 0; i < count; i++)
      if (events[i].data.ptr) check_gone(list, events[i].data.ptr);
    release_due(list);
    ending = list->ending;
    pthread_mutex_unlock(&list->lock);
  }
  return NULL;
}


sb_waiters *sb_waiters_new(void) {
  sb_waiters *list = calloc(1, sizeof *list);
  if (!list) return NULL;
  struct epoll_event event = {.events = EPOLLIN};
  list->ends.next = list->ends.previous = &list->ends;
  list->epoll = epoll_create1(EPOLL_CLOEXEC);
  list->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (list->epoll >= 0 && list->timer >= 0
      && epoll_ctl(list->epoll, EPOLL_CTL_ADD, list->timer, &event) == 0
      && pthread_mutex_init(&list->lock, NULL) == 0
      && pthread_create(&list->thread, NULL, watch_lot, list) == 0)
    return list;
  if (list->epoll >= 0) close(list->epoll);
  if (list->timer >= 0) close(list->timer);
  free(list);
  return NULL;
}


void sb_waiters_free(sb_waiters *list) {
  if (!list) return;
  pthread_mutex_lock(&list->lock);
  list->ending = true;
  wake_at(list, 0);
  pthread_mutex_unlock(&list->lock);
  pthread_join(list->thread, NULL);
  pthread_mutex_destroy(&list->lock);
  close(list->epoll);
  close(list->timer);
  free(list);
}


static void insert(sb_waiters *list, sb_waiter *waiter) {
  sb_waiter *after = list->ends.previous;
  while (after != &list->ends && after->until > waiter->until)
    after = after->previous;
  waiter->previous = after;
  waiter->next = after->next;
  after->next = after->next->previous = waiter;
  if (after == &list->ends) wake_at(list, waiter->until);
}


bool sb_waiters_add(sb_waiters *list, sb_waiter *waiter,
                  struct MHD_Connection *connection, double until) {
  pthread_mutex_lock(&list->lock);
  bool open = !list->closed;
  if (open) {
    *waiter = (sb_waiter){.connection = connection, .until = until};
    insert(list, waiter);
    MHD_suspend_connection(connection);
    watch(list, waiter);
  }
  pthread_mutex_unlock(&list->lock);
  return open;
}


/* Ends all waits that last at least until `until`. */
static void end_waits(sb_waiters *list, double until) {
  while (list->ends.previous != &list->ends
         && list->ends.previous->until >= until) {
    list->ends.previous->over = true;
    leave(list, list->ends.previous);
  }
}


void sb_waiters_release(sb_waiters *list) {
  pthread_mutex_lock(&list->lock);
  end_waits(list, INFINITY);
  pthread_mutex_unlock(&list->lock);
}


void sb_waiters_close(sb_waiters *list) {
  pthread_mutex_lock(&list->lock);
  list->closed = true;
  end_waits(list, 0);
  pthread_mutex_unlock(&list->lock);
}
