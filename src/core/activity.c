/*
** Counts the attempts that the engine reports.
*/
#include "core/activity.h"

#include <curl/curl.h>
#include <string.h>

#include "core/trace.h"


void co_activity_init(co_activity *activity, bool tracing) {
  *activity = (co_activity){.tracing = tracing};
  co_buffer_init(&activity->lines, CO_TRACE_MAX);
}


void co_activity_free(co_activity *activity) {
  co_buffer_free(&activity->lines);
}


void co_activity_start(co_activity *activity, bool repeat) {
  activity->stats.requests++;
  if (repeat) activity->stats.retries++;
}


/* Keeps the Date header unparsed: parsing it costs more than all the other
** counting. */
static void store_date(co_activity *activity, const co_transfer *t) {
  if (t->headers.date[0] == '\0') return;
  memcpy(activity->date, t->headers.date, sizeof activity->date);
  activity->dated = time(NULL);
}


double co_activity_skew(const co_activity *activity) {
  time_t there = curl_getdate(activity->date, NULL);
  return there == (time_t)-1 ? 0 : difftime(there, activity->dated);
}


void co_activity_end(co_activity *activity, const co_transfer *t) {
  co_stats *stats = &activity->stats;
  stats->connections += t->traffic.connections;
  stats->sent += t->traffic.sent;
  stats->received += t->traffic.received;
  store_date(activity, t);
  if (t->attempt.status != 0)
    co_stats_add_latency(stats, t->traffic.microseconds);
  if (activity->tracing) co_trace_add(&activity->lines, t);
}
