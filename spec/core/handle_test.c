/*
** src/core/handle.c: what an attempt sends, and what is made of its end.
*/
#include "core/handle.h"

#include <pthread.h>

#include "check.h"
#include "client.h"


/* curl_easy_perform blocks: the server needs a thread here. */
static void *serve_one(void *data) {
  server *s = data;
  for (int i = 0; i < 5000 && s->requests == 0; i++) {
    server_serve(s);
    usleep(1000);
  }
  return NULL;
}


/* A get that is answered so. */
static co_transfer *performed(const char *answer, char seen[4096]) {
  server s = server_open(answer);
  co_config config = client_config(&s);
  co_handle_base base;
  pthread_t thread;
  CHECK(co_handle_base_init(&base, &config));
  CURL *handle = co_handle_new(&base);
  co_transfer *t = client_request(&config, "get");
  t->handle = handle;
  CHECK(co_handle_prepare(handle, &base, t, 5));
  pthread_create(&thread, NULL, serve_one, &s);
  CURLcode code = curl_easy_perform(handle);
  pthread_join(thread, NULL);
  co_handle_finish(handle, code, t);
  co_handle_release(handle);
  curl_easy_cleanup(handle);
  co_handle_base_free(&base);
  memcpy(seen, s.seen, sizeof s.seen);
  server_close(&s);
  return t;
}


static void test_request(void) {
  char seen[4096];
  co_transfer *t = performed(ANSWER, seen);
  CHECK(strstr(seen, "Authorization: Basic Y29wX3Rlc3Q6\r\n") != NULL);
  CHECK(strstr(seen, "Accept: application/json\r\n") != NULL);
  CHECK(strstr(seen, "User-Agent: test\r\n") != NULL);
  CHECK(t->result.kind == CO_KIND_OK && t->traffic.connections == 1);
  co_transfer_free(t);
}


static void test_ends(void) {
  static const struct {
    const char *answer;
    co_kind kind;
    co_outcome outcome;
    double retry_after;
    const char *message;
  } rows[] = {
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


int main(void) {
  CHECK(co_handle_global());
  test_request();
  test_ends();
  test_long_answer();
  return check_report();
}
