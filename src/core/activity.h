/*
** The activity of a client so far: counters, and one line for each attempt if
** tracing is on. Only the engine adds to it; the binding reads it. The numbers
** come with the transfer; libcurl is used for parsing dates only.
*/
#ifndef CO_ACTIVITY_H
#define CO_ACTIVITY_H

#include <time.h>

#include "core/stats.h"
#include "core/transfer.h"

typedef struct co_activity {
  co_stats stats;
  char date[CO_HEADER_MAX];  /* the last Date header of an answer */
  time_t dated;              /* when it came, by our clock */
  bool tracing;
  co_buffer lines;  /* whole lines of trace.c; the reader resets it */
} co_activity;

void co_activity_init(co_activity *activity, bool tracing);
void co_activity_free(co_activity *activity);

/* Counts an attempt that starts. */
void co_activity_start(co_activity *activity, bool repeat);

/* Adds an attempt that has ended: its traffic, latency and trace line. */
void co_activity_end(co_activity *activity, const co_transfer *transfer);

/* How many seconds the server's clock is ahead of ours, by the Date of the
** last answer that had one (whole seconds); 0 if none had. */
double co_activity_skew(const co_activity *activity);

#endif
