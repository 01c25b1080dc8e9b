/*
** src/core/transfer.c: the address of a request, with ids and values encoded.
*/
#include "core/transfer.h"

#include "check.h"
#include "core/engine.h"
#include "core/text/secret.h"

static const char base[] = "https://acme.codeocean.com/api/v1";
static const char id[] = "fea84ebf-b58b-4ad2-994d-7169dc3880fb";


static co_transfer *new_transfer(const char *operation, const char *its_id) {
  co_transfer *t = co_transfer_new(co_endpoint_find(operation), 1000);
  co_transfer_address(t, base, its_id);
  return t;
}


static void test_addresses(void) {
  static const struct { const char *operation, *id, *wanted; } rows[] = {
    {"create", NULL, "/data_assets"},
    {"search", NULL, "/data_assets/search"},
    {"search_2022", NULL, "/data_assets"},
    {"get", id, "/data_assets/fea84ebf-b58b-4ad2-994d-7169dc3880fb"},
    {"delete", id, "/data_assets/fea84ebf-b58b-4ad2-994d-7169dc3880fb"},
    {"archive", id,
     "/data_assets/fea84ebf-b58b-4ad2-994d-7169dc3880fb/archive"},
    {"get", "../x?y#z", "/data_assets/..%2Fx%3Fy%23z"}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    char wanted[200];
    co_transfer *t = new_transfer(rows[i].operation, rows[i].id);
    snprintf(wanted, sizeof wanted, "%s%s", base, rows[i].wanted);
    CHECK_ROW_TEXT(rows[i].operation, t->url.bytes, wanted);
    co_transfer_free(t);
  }
}


static void test_query(void) {
  co_transfer *t = new_transfer("search_2022", NULL);
  co_transfer_query(t, "start", "0", 1);
  co_transfer_query(t, "query", "name:co tag:x1 & \"y\"", 20);
  co_transfer_query(t, "x[]", "?", 1);
  CHECK_TEXT(t->url.bytes, "https://acme.codeocean.com/api/v1/data_assets"
             "?start=0&query=name%3Aco%20tag%3Ax1%20%26%20%22y%22&x%5B%5D=%3F");
  co_transfer_free(t);
}


/* Far longer than any server takes: broken, so that submitting refuses. */
static void test_long_query(void) {
  static char value[100 * 1024];
  co_transfer *t = new_transfer("search_2022", NULL);
  memset(value, 'x', sizeof value);
  co_transfer_query(t, "query", value, sizeof value);
  co_transfer_query(t, "limit", "10", 2);
  CHECK(t->url.broken);
  CHECK(strstr(t->url.bytes, "limit") == NULL);
  co_transfer_free(t);
}


static void test_fail(void) {
  char message[2 * CO_MESSAGE_MAX];
  co_transfer *t = new_transfer("get", id);
  memset(message, 'x', sizeof message);
  message[sizeof message - 1] = '\0';
  co_transfer_fail(t, CO_KIND_TIMEOUT, CO_OUTCOME_UNKNOWN, message);
  CHECK(t->result.kind == CO_KIND_TIMEOUT);
  CHECK(t->result.outcome == CO_OUTCOME_UNKNOWN);
  CHECK(strlen(t->result.message) == CO_MESSAGE_MAX - 1);
  co_transfer_fail(t, CO_KIND_CLOSED, CO_OUTCOME_NOT_SENT, "%s%n");
  CHECK_TEXT(t->result.message, "%s%n");
  co_transfer_free(t);
}


/* Of a failure's answer 256 KiB are kept, and a secret that stands at the cut
** is masked whole. */
static void test_long_failure(void) {
  enum { KEPT = 256 * 1024, HEAD = 4 };
  static const char secret[] = "hush-hush";
  static char answer[2 * KEPT];
  co_transfer *t = co_transfer_new(co_endpoint_find("get"), sizeof answer);
  memset(answer, 'x', sizeof answer);
  memcpy(answer + KEPT - HEAD, secret, sizeof secret - 1);
  co_secret_add(&t->secrets, secret, sizeof secret - 1);
  co_buffer_add(&t->answer, answer, sizeof answer);
  co_transfer_mask(t);
  CHECK(t->answer.length == KEPT);
  CHECK(strcmp(t->answer.bytes + KEPT - HEAD - 1, "x****") == 0);
  co_transfer_free(t);
}


/* A transfer that no engine has can be cancelled, released and freed. */
static void test_without_engine(void) {
  co_transfer *t = new_transfer("get", id);
  CHECK(t->state == CO_BUILT && t->result.retry_after < 0);
  co_engine_cancel(t);
  co_engine_release(t);
  CHECK(t->state == CO_BUILT);
  co_transfer_free(t);
  co_transfer_free(NULL);
}


int main(void) {
  test_addresses();
  test_query();
  test_long_query();
  test_fail();
  test_long_failure();
  test_without_engine();
  return check_report();
}
