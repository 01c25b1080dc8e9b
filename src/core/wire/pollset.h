/*
** One descriptor that stands for many and for a time, so that a host can poll
** a whole client: what differs between operating systems (pollset.c: Linux;
** pollset_kqueue.c: macOS and the BSDs). The transport owns it. It never owns
** the descriptors that it watches.
*/
#ifndef CO_POLLSET_H
#define CO_POLLSET_H

#include <stdbool.h>

typedef struct co_pollset {
  int fd;       /* poll it for reading; < 0: not open */
  int alarm;
  double when;  /* the alarm's time; INFINITY: none is set */
} co_pollset;

typedef struct co_ready {
  int fd;
  bool in, out, broken;
} co_ready;

/* False: errno says. A set that was not opened may be closed, too, once it is
** CO_POLLSET_CLOSED. */
#define CO_POLLSET_CLOSED ((co_pollset){-1, -1, 0})
bool co_pollset_open(co_pollset *set);
void co_pollset_close(co_pollset *set);

/* The same in a child of fork(), which leaves the parent's set as it is. */
void co_pollset_forget(co_pollset *set);

/* Watches fd for reading, writing, both; neither: no longer. */
void co_pollset_watch(const co_pollset *set, int fd, bool in, bool out,
                      bool known);

/* From that time of the monotonic clock on the set itself is readable, until
** the alarm is set anew (INFINITY: to never). */
void co_pollset_alarm(co_pollset *set, double when);

/* Waits at most so many seconds (< 0: without end) and fills `ready`, without
** the alarm. Returns how many; 0 on time-out, alarm and signal. */
int co_pollset_wait(const co_pollset *set, co_ready *ready, int room,
                    double seconds);

#endif
