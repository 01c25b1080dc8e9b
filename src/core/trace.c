/*
** The lines of --trace. They hold no header, no body and no host.
*/
#include "core/trace.h"

#include <stdio.h>
#include <string.h>


/* The status; or the kind of failure if no complete answer came. */
static void add_result(co_buffer *lines, const co_attempt *attempt) {
  char status[16];
  snprintf(status, sizeof status, "%ld", attempt->status);
  bool answered = attempt->code == CURLE_OK && attempt->status != 0;
  co_buffer_add_text(lines, answered ? status : co_kind_name(attempt->kind));
}


void co_trace_add(co_buffer *lines, const co_transfer *t) {
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
