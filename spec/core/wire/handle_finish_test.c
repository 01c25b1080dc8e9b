/*
** src/core/wire/handle_finish.c: the result of an attempt that has ended.
*/
#include "perform.h"


static void test_ends(void) {
  static const struct {
    const char *answer;
    co_kind kind;
    co_outcome outcome;
    double retry_after;
    const char *message;
  } rows[] = {
    {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", CO_KIND_OK,
     CO_OUTCOME_UNKNOWN, -1, ""},
    /* cut, which only the JSON tells: by HTTP/1.0, in whole chunks */
    {"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n{\"a\":{\"b\":1}",
     CO_KIND_NETWORK, CO_OUTCOME_UNKNOWN, -1, "the answer ends in the middle"},
    {"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n{\"a\":\"b",
     CO_KIND_NETWORK, CO_OUTCOME_UNKNOWN, -1, "the answer ends in the middle"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
     "3\r\n{\"a\r\n0\r\n\r\n",
     CO_KIND_NETWORK, CO_OUTCOME_UNKNOWN, -1, "the answer ends in the middle"},
    /* cut before the first byte; and an empty answer that says so */
    {"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n",
     CO_KIND_NETWORK, CO_OUTCOME_UNKNOWN, -1, "the answer ends in the middle"},
    {"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n \r\n",
     CO_KIND_NETWORK, CO_OUTCOME_UNKNOWN, -1, "the answer ends in the middle"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     CO_KIND_NETWORK, CO_OUTCOME_UNKNOWN, -1, "the answer ends in the middle"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
     CO_KIND_OK, CO_OUTCOME_UNKNOWN, -1, ""},
    {"HTTP/1.1 204 No\r\n\r\n", CO_KIND_OK, CO_OUTCOME_UNKNOWN, -1, ""},
    /* wrong, but not cut; and no JSON at all */
    {"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n{\"a\":oops}",
     CO_KIND_OK, CO_OUTCOME_UNKNOWN, -1, ""},
    {"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n<html>",
     CO_KIND_OK, CO_OUTCOME_UNKNOWN, -1, ""},
    /* a refusal counts though its body is cut */
    {"HTTP/1.1 401 No\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{}",
     CO_KIND_AUTH, CO_OUTCOME_REJECTED, -1, ""},
    {"HTTP/1.1 429 No\r\nContent-Length: 9\r\nConnection: close\r\n"
     "Retry-After: 2.5\r\n\r\n{}",
     CO_KIND_THROTTLED, CO_OUTCOME_REJECTED, 2.5, ""},
    {"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", CO_KIND_MISSING,
     CO_OUTCOME_REJECTED, -1, ""},
    {"HTTP/1.1 429 No\r\nContent-Length: 0\r\nRetry-After: 7\r\n\r\n",
     CO_KIND_THROTTLED, CO_OUTCOME_REJECTED, 7, ""},
    {"HTTP/1.1 503 No\r\nContent-Length: 0\r\n"
     "Date: Wed, 21 Oct 2015 07:28:00 GMT\r\n"
     "Retry-After: Wed, 21 Oct 2015 07:28:09 GMT\r\n\r\n",
     CO_KIND_SERVER, CO_OUTCOME_REJECTED, 9, ""},
    {"HTTP/1.1 302 No\r\nContent-Length: 0\r\n"
     "Location: https://x.example/login?token=abc\r\n\r\n",
     CO_KIND_REDIRECT, CO_OUTCOME_REJECTED, -1,
     "the server points to https://x.example/login; redirects are not "
     "followed"},
    {"HTTP/1.1 302 No\r\nContent-Length: 0\r\n"
     "Location: https://joe:pw@x.example/login?a@b#top\r\n\r\n",
     CO_KIND_REDIRECT, CO_OUTCOME_REJECTED, -1,
     "the server points to https://x.example/login; redirects are not "
     "followed"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{}",
     CO_KIND_NETWORK, CO_OUTCOME_UNKNOWN, -1, NULL}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    char seen[4096];
    co_transfer *t = performed(rows[i].answer, seen);
    CHECK_ROW(rows[i].answer, t->result.kind == rows[i].kind);
    CHECK_ROW(rows[i].answer, t->result.outcome == rows[i].outcome);
    CHECK_NEAR(t->result.retry_after, rows[i].retry_after);
    if (rows[i].message != NULL)
      CHECK_ROW_TEXT(rows[i].answer, t->result.message, rows[i].message);
    else
      CHECK(t->result.message[0] != '\0');
    co_transfer_free(t);
  }
}


/* More than the answer may hold, which is 1000 bytes here. */
static void test_long_answer(void) {
  static char answer[3000] = "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n";
  char seen[4096];
  memset(answer + strlen(answer), 'x', 2000);
  co_transfer *t = performed(answer, seen);
  CHECK(t->result.kind == CO_KIND_DECODE);
  CHECK_TEXT(t->result.message, "the answer is longer than 1000 bytes");
  co_transfer_free(t);
}


/* What libcurl says when memory is out while it reads the headers of a 503: no
** refusal by the server, although the status is there. */
static void test_no_memory(void) {
  static const char busy[] =
    "HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\n{}";
  char seen[4096];
  co_transfer *t = finished(busy, CURLE_OUT_OF_MEMORY, seen);
  CHECK(t->attempt.code == CURLE_OUT_OF_MEMORY && t->attempt.status == 503);
  CHECK(t->result.kind == CO_KIND_MEMORY && t->result.status == 503);
  CHECK(t->result.outcome == CO_OUTCOME_UNKNOWN);
  CHECK_TEXT(t->result.message, "Out of memory");
  co_transfer_free(t);
}


int main(void) {
  CHECK(co_handle_global());
  test_ends();
  test_long_answer();
  test_no_memory();
  return check_report();
}
