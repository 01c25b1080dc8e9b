/*
** One descriptor that stands for many descriptors and an alarm, so that a host
** can poll a whole client. pollset.c is for Linux, pollset_kqueue.c for macOS
** and the BSDs. The transport owns it. It does not own the descriptors that it
** watches.
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

/* False: errno says why. A set that is CO_POLLSET_CLOSED may be closed without
** having been opened. */
#define CO_POLLSET_CLOSED ((co_pollset){-1, -1, 0})
bool co_pollset_open(co_pollset *set);
void co_pollset_close(co_pollset *set);

/* Watches fd for reading, writing or both; neither: stops watching it. `known`:
** the set watches fd already. */
void co_pollset_watch(const co_pollset *set, int fd, bool in, bool out,
                      bool known);

/* Sets the alarm: from `when` (monotonic clock; INFINITY: never) the set itself
** is readable, until the alarm is set again. */
void co_pollset_alarm(co_pollset *set, double when);

/* Waits at most `seconds` (< 0: without end) and fills `ready` with the
** descriptors that are ready, at most `room`. Returns their number; 0 on
** time-out, alarm and signal. */
int co_pollset_wait(const co_pollset *set, co_ready *ready, int room,
                    double seconds);

#endif
