/*
** Counters of what a client has done, and a histogram of latencies of fixed
** size. Pure; the activity adds, the binding reads.
*/
#ifndef CO_STATS_H
#define CO_STATS_H

#include <stdint.h>

/* 16 steps for each doubling, from 1 µs to 2^36 µs: a step is 4 % wide. */
enum { CO_STEPS = 16, CO_DOUBLINGS = 36 };

typedef struct co_stats {
  int64_t requests;     /* attempts that were started, repeats included */
  int64_t retries;      /* repeats */
  int64_t connections;  /* opened */
  int64_t sent;         /* bytes, headers included */
  int64_t received;     /* bytes on the wire, headers included */
  int64_t answers;      /* attempts with a status; the histogram's total */
  int64_t latency[CO_STEPS * CO_DOUBLINGS];
} co_stats;

void co_stats_add_latency(co_stats *stats, int64_t microseconds);

/* The latency in seconds below which `part` (0 … 1) of the answers came; 0 if
** none came. */
double co_stats_latency(const co_stats *stats, double part);

#endif
