/*
** What a client has done so far: counters, and one line for each attempt if
** tracing is on. Only the engine adds to it; the binding reads it. Knows no
** libcurl: the numbers come with the transfer.
*/
#ifndef CO_ACTIVITY_H
#define CO_ACTIVITY_H

#include "core/stats.h"
#include "core/transfer.h"

typedef struct co_activity {
  co_stats stats;
  bool tracing;
  co_buffer lines;  /* whole lines; the reader resets it once printed. Lines
                    ** that would make it longer than 256 KiB are dropped. */
} co_activity;

void co_activity_init(co_activity *activity, bool tracing);
void co_activity_free(co_activity *activity);

/* Counts an attempt that begins. */
void co_activity_start(co_activity *activity, bool repeat);

/* Adds an attempt that has ended: its traffic, latency and trace line. */
void co_activity_end(co_activity *activity, const co_transfer *transfer);

#endif
