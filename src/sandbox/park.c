/*
** Connections that wait. One list, the soonest first; one thread sleeps on
** an epoll of a timer and of the sockets of those who wait, since libmicrohttpd
** does not watch a suspended connection and would miss that its client left.
**
** The lock is taken before libmicrohttpd's own, never after.
*/
#include "sandbox/park.h"

#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "sandbox/text.h"

#define EVENTS 64

struct sb_lot {
  pthread_mutex_t lock;
  pthread_t thread;
  int epoll, timer;
  bool closed, ending;
  sb_place ends;   /* the list is a ring through this */
};


static int socket_of(struct MHD_Connection *connection) {
  return MHD_get_connection_info(connection,
                                 MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}


/* A time that has passed wakes the thread at once; INFINITY does not. */
static void wake_at(sb_lot *lot, double when) {
  struct itimerspec spec = {0};
  if (isfinite(when)) {
    spec.it_value.tv_sec = (time_t)when;
    spec.it_value.tv_nsec = (long)((when - floor(when)) * 999999999.0) + 1;
  }
  timerfd_settime(lot->timer, TFD_TIMER_ABSTIME, &spec, NULL);
}


static void watch(sb_lot *lot, sb_place *place) {
  struct epoll_event event = {.events = EPOLLRDHUP, .data.ptr = place};
  epoll_ctl(lot->epoll, EPOLL_CTL_ADD, socket_of(place->connection), &event);
}


static void leave(sb_lot *lot, sb_place *place) {
  place->previous->next = place->next;
  place->next->previous = place->previous;
  epoll_ctl(lot->epoll, EPOLL_CTL_DEL, socket_of(place->connection), NULL);
  MHD_resume_connection(place->connection);
}


/* An event may be older than what now lies at its address, so the socket is
** asked once more. */
static void check_gone(sb_lot *lot, const sb_place *suspect) {
  sb_place *place = lot->ends.next;
  while (place != &lot->ends && place != suspect) place = place->next;
  if (place == &lot->ends) return;
  struct pollfd gone = {socket_of(place->connection), POLLRDHUP, 0};
  if (poll(&gone, 1, 0) != 1) return;
  place->over = true;
  leave(lot, place);
}


static void release_due(sb_lot *lot) {
  double now = sb_monotonic();
  while (lot->ends.next != &lot->ends && lot->ends.next->until <= now)
    leave(lot, lot->ends.next);
  wake_at(lot, lot->ends.next == &lot->ends ? INFINITY : lot->ends.next->until);
}


static void *watch_lot(void *closure) {
  sb_lot *lot = closure;
  struct epoll_event events[EVENTS];
  bool ending = false;
  while (!ending) {
    int count = epoll_wait(lot->epoll, events, EVENTS, -1);
    pthread_mutex_lock(&lot->lock);
    for (int i = 0; i < count; i++)
      if (events[i].data.ptr) check_gone(lot, events[i].data.ptr);
    release_due(lot);
    ending = lot->ending;
    pthread_mutex_unlock(&lot->lock);
  }
  return NULL;
}


sb_lot *sb_lot_new(void) {
  sb_lot *lot = calloc(1, sizeof *lot);
  if (!lot) return NULL;
  struct epoll_event event = {.events = EPOLLIN};
  lot->ends.next = lot->ends.previous = &lot->ends;
  lot->epoll = epoll_create1(EPOLL_CLOEXEC);
  lot->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (lot->epoll >= 0 && lot->timer >= 0
      && epoll_ctl(lot->epoll, EPOLL_CTL_ADD, lot->timer, &event) == 0
      && pthread_mutex_init(&lot->lock, NULL) == 0
      && pthread_create(&lot->thread, NULL, watch_lot, lot) == 0)
    return lot;
  if (lot->epoll >= 0) close(lot->epoll);
  if (lot->timer >= 0) close(lot->timer);
  free(lot);
  return NULL;
}


void sb_lot_free(sb_lot *lot) {
  if (!lot) return;
  pthread_mutex_lock(&lot->lock);
  lot->ending = true;
  wake_at(lot, 0);
  pthread_mutex_unlock(&lot->lock);
  pthread_join(lot->thread, NULL);
  pthread_mutex_destroy(&lot->lock);
  close(lot->epoll);
  close(lot->timer);
  free(lot);
}


static void insert(sb_lot *lot, sb_place *place) {
  sb_place *after = lot->ends.previous;
  while (after != &lot->ends && after->until > place->until)
    after = after->previous;
  place->previous = after;
  place->next = after->next;
  after->next = after->next->previous = place;
  if (after == &lot->ends) wake_at(lot, place->until);
}


bool sb_lot_enter(sb_lot *lot, sb_place *place,
                  struct MHD_Connection *connection, double until) {
  pthread_mutex_lock(&lot->lock);
  bool open = !lot->closed;
  if (open) {
    *place = (sb_place){.connection = connection, .until = until};
    insert(lot, place);
    MHD_suspend_connection(connection);
    watch(lot, place);
  }
  pthread_mutex_unlock(&lot->lock);
  return open;
}


/* Gives up all who would wait at least until `until`. */
static void give_up(sb_lot *lot, double until) {
  while (lot->ends.previous != &lot->ends
         && lot->ends.previous->until >= until) {
    lot->ends.previous->over = true;
    leave(lot, lot->ends.previous);
  }
}


void sb_lot_release(sb_lot *lot) {
  pthread_mutex_lock(&lot->lock);
  give_up(lot, INFINITY);
  pthread_mutex_unlock(&lot->lock);
}


void sb_lot_close(sb_lot *lot) {
  pthread_mutex_lock(&lot->lock);
  lot->closed = true;
  give_up(lot, 0);
  pthread_mutex_unlock(&lot->lock);
}
