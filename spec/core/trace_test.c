/*
** src/core/trace.c: the line of an attempt.
*/
#include "core/trace.h"

#include "check.h"
#include "ended.h"


static void test_lines(void) {
  static const struct {
    long status;
    CURLcode code;
    co_kind kind;
    long connections;
    const char *wanted;
  } rows[] = {
    {200, CURLE_OK, CO_KIND_OK, 1,
     "200 1.5 ms, attempt 2, new connection\n"},
    {503, CURLE_OK, CO_KIND_SERVER, 0,
     "503 1.5 ms, attempt 2, reused connection\n"},
    {0, CURLE_RECV_ERROR, CO_KIND_NETWORK, 0,
     "network 1.5 ms, attempt 2, reused connection\n"},
    {200, CURLE_PARTIAL_FILE, CO_KIND_NETWORK, 0,  /* a cut answer */
     "network 1.5 ms, attempt 2, reused connection\n"}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    char wanted[200];
    co_buffer lines;
    co_buffer_init(&lines, CO_TRACE_MAX);
    co_transfer *t = ended(rows[i].status, rows[i].code, rows[i].kind);
    t->traffic.connections = rows[i].connections;
    co_trace_add(&lines, t);
    snprintf(wanted, sizeof wanted, "GET /api/v1/data_assets/%s %s", id,
             rows[i].wanted);
    CHECK_TEXT(lines.bytes, wanted);
    co_transfer_free(t);
    co_buffer_free(&lines);
  }
}


int main(void) {
  test_lines();
  return check_report();
}
