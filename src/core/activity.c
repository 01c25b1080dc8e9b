/*
** Counts what the engine reports and writes a trace line for each attempt.
*/
#include "core/activity.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

enum { LINES_MAX = 256 * 1024 };


void co_activity_init(co_activity *activity, bool tracing) {
  *activity = (co_activity){.tracing = tracing};
  co_buffer_init(&activity->lines, LINES_MAX);
}


void co_activity_free(co_activity *activity) {
  co_buffer_free(&activity->lines);
}


void co_activity_start(co_activity *activity, bool repeat) {
  activity->stats.requests++;
  if (repeat) activity->stats.retries++;
}


/* The status, or the kind of failure where no whole answer came. */
static void add_result(co_buffer *lines, const co_attempt *attempt) {
  char status[16];
  snprintf(status, sizeof status, "%ld", attempt->status);
  bool answered = attempt->code == CURLE_OK && attempt->status != 0;
  co_buffer_add_text(lines, answered ? status : co_kind_name(attempt->kind));
}


static void add_line(co_buffer *lines, const co_transfer *t) {
  char rest[80];
  co_buffer_add_text(lines, t->endpoint->method);
  co_buffer_add_byte(lines, ' ');
  if (t->endpoint == &co_read_file) co_buffer_add_text(lines, "(a file)");
  else
    co_buffer_add_text(lines, strchr(t->url.bytes + strlen("https://"), '/'));
  co_buffer_add_byte(lines, ' ');
  add_result(lines, &t->attempt);
  snprintf(rest, sizeof rest, " %.1f ms, attempt %d, %s connection\n",
           (double)t->traffic.microseconds / 1000, t->attempt.number,
           t->traffic.connections == 0 ? "reused" : "new");
  co_buffer_add_text(lines, rest);
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
  if (activity->tracing) add_line(&activity->lines, t);
}
