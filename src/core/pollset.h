/*
** One descriptor that stands for many: the only file that differs between
** operating systems.
*/
#ifndef CO_POLLSET_H
#define CO_POLLSET_H

#include <stdbool.h>

typedef struct co_ready {
  int fd;
  bool in, out, broken;
} co_ready;

/* A descriptor to poll for reading, closed with close(2); -1: errno says. */
int co_pollset_open(void);

/* Watches fd for reading, writing, both; neither: no longer. */
void co_pollset_watch(int set, int fd, bool in, bool out, bool known);

/* Waits at most so many seconds (< 0: without end) and fills `ready`.
** Returns how many; 0 on time-out and when a signal came. */
int co_pollset_wait(int set, co_ready *ready, int room, double seconds);

#endif
