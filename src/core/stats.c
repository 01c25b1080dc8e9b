/*
** The latency histogram.
*/
#include "core/stats.h"

#include <math.h>


static int slot_of(int64_t microseconds) {
  double doublings = log2((double)(microseconds < 1 ? 1 : microseconds));
  int slot = (int)(doublings * CO_STEPS);
  int last = CO_STEPS * CO_DOUBLINGS - 1;
  return slot > last ? last : slot;
}


/* The middle of a slot, in seconds. */
static double seconds_of(int slot) {
  return exp2((slot + 0.5) / CO_STEPS) / 1e6;
}


void co_stats_add_latency(co_stats *stats, int64_t microseconds) {
  stats->latency[slot_of(microseconds)]++;
  stats->answers++;
}


double co_stats_latency(const co_stats *stats, double part) {
  double rank = part * (double)stats->answers;
  int64_t seen = 0;
  for (int i = 0; i < CO_STEPS * CO_DOUBLINGS; i++) {
    seen += stats->latency[i];
    if (seen > 0 && (double)seen >= rank) return seconds_of(i);
  }
  return 0;
}
