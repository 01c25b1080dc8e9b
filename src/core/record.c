/*
** Counters and trace lines.
*/
#include "core/record.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

enum { LINES_MAX = 256 * 1024 };


void co_record_init(co_record *record, bool tracing) {
  *record = (co_record){.tracing = tracing};
  co_buffer_init(&record->lines, LINES_MAX);
}


void co_record_free(co_record *record) {
  co_buffer_free(&record->lines);
}


void co_record_start(co_record *record, bool repeat) {
  record->stats.requests++;
  if (repeat) record->stats.retries++;
}


static long info_long(const co_transfer *t, CURLINFO what) {
  long value = 0;
  curl_easy_getinfo(t->easy, what, &value);
  return value;
}


static curl_off_t info_offset(const co_transfer *t, CURLINFO what) {
  curl_off_t value = 0;
  curl_easy_getinfo(t->easy, what, &value);
  return value;
}


/* The status, or what went wrong instead of one. */
static void add_result(co_buffer *lines, const co_attempt *attempt) {
  char status[16];
  snprintf(status, sizeof status, "%ld", attempt->status);
  bool answered = attempt->code == CURLE_OK && attempt->status != 0;
  co_buffer_add_text(lines, answered ? status : co_kind_name(attempt->kind));
}


static void add_line(co_buffer *lines, const co_transfer *t, double ms,
                     bool reused) {
  char rest[80];
  co_buffer_add_text(lines, t->endpoint->method);
  co_buffer_add_byte(lines, ' ');
  co_buffer_add_text(lines, strchr(t->url.bytes + strlen("https://"), '/'));
  co_buffer_add_byte(lines, ' ');
  add_result(lines, &t->attempt);
  snprintf(rest, sizeof rest, " %.1f ms, attempt %d, %s connection\n", ms,
           t->attempt.number, reused ? "reused" : "new");
  co_buffer_add_text(lines, rest);
}


void co_record_attempt(co_record *record, const co_transfer *t) {
  co_stats *stats = &record->stats;
  long connects = info_long(t, CURLINFO_NUM_CONNECTS);
  curl_off_t took = info_offset(t, CURLINFO_TOTAL_TIME_T);
  stats->connections += connects;
  stats->sent += info_long(t, CURLINFO_REQUEST_SIZE);
  stats->received += info_long(t, CURLINFO_HEADER_SIZE) +
                     info_offset(t, CURLINFO_SIZE_DOWNLOAD_T);
  if (t->attempt.status != 0) co_stats_add_latency(stats, took);
  if (record->tracing)
    add_line(&record->lines, t, (double)took / 1000, connects == 0);
}
