/*
** What a client has done so far: counters, and one line for each attempt if
** tracing is on. Only the engine adds to it; the binding reads it. The numbers
** come with the transfer; of libcurl it knows the reader of dates.
*/
#ifndef CO_ACTIVITY_H
#define CO_ACTIVITY_H

#include <time.h>

#include "core/stats.h"
#include "core/transfer.h"

typedef struct co_activity {
  co_stats stats;
  char date[CO_HEADER_MAX];  /* of the last answer that had one, and when it */
  time_t dated;              /* came, by our clock */
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

/* Seconds that the server's clock is ahead of ours, by the last answer with a
** date, which is rounded to seconds; 0: none had one. */
double co_activity_skew(const co_activity *activity);

#endif
