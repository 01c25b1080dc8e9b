/*
** src/core/wire/transport.c: attempts are sent, reported and dropped.
*/
#include "core/wire/transport.h"

#include "check.h"
#include "client.h"


static co_transfer *sent(co_transport *transport, const co_config *config) {
  co_transfer *t = client_request(config, "get");
  CHECK(co_transport_send(transport, t, 5));
  CHECK(t->handle != NULL);
  return t;
}


static co_transfer *next_ended(co_transport *transport, server *s) {
  co_transfer *t = NULL;
  for (int i = 0; i < 500 && t == NULL; i++) {
    co_transport_run(transport);
    co_transport_wait(transport, 0.005);
    server_serve(s);
    t = co_transport_ended(transport);
  }
  return t;
}


static void test_send(void) {
  server s = server_open(ANSWER);
  co_config config = client_config(&s);
  co_transport transport;
  CHECK(co_transport_open(&transport, &config));
  for (int i = 0; i < 3; i++) {
    co_transfer *t = sent(&transport, &config);
    CHECK(next_ended(&transport, &s) == t);
    CHECK(t->handle == NULL);
    CHECK(t->attempt.status == 200 && t->attempt.kind == CO_KIND_OK);
    CHECK(t->traffic.connections == (i == 0 ? 1 : 0));
    CHECK(t->traffic.sent > 50 && t->traffic.received > 20);
    co_transfer_free(t);
  }
  CHECK(co_transport_ended(&transport) == NULL);
  CHECK(transport.idle_count == 1 && s.connections == 1);
  co_transport_close(&transport);
  server_close(&s);
}


static void test_drop(void) {
  server s = server_open(NULL);
  co_config config = client_config(&s);
  co_transport transport;
  CHECK(co_transport_open(&transport, &config));
  co_transfer *t = sent(&transport, &config);
  for (int i = 0; i < 20; i++) {
    co_transport_run(&transport);
    co_transport_wait(&transport, 0.001);
  }
  co_transport_drop(&transport, t);
  CHECK(t->handle == NULL && transport.idle_count == 1);
  CHECK(co_transport_ended(&transport) == NULL);
  co_transfer_free(t);
  co_transport_close(&transport);
  server_close(&s);
}


/* A new multi handle, and all goes on. */
static void test_renew(void) {
  server s = server_open(ANSWER);
  co_config config = client_config(&s);
  co_transport transport;
  CHECK(co_transport_open(&transport, &config));
  transport.failed = true;
  co_transport_renew(&transport);
  CHECK(!transport.failed && transport.multi != NULL);
  co_transfer *t = sent(&transport, &config);
  CHECK(next_ended(&transport, &s) == t);
  CHECK(t->attempt.status == 200);
  co_transfer_free(t);
  co_transport_close(&transport);
  server_close(&s);
}


/* After forget nothing of the old handles and set is touched; a new set is
** open. */
static void test_forget(void) {
  server s = server_open(NULL);
  co_config config = client_config(&s);
  co_transport transport;
  CHECK(co_transport_open(&transport, &config));
  co_transfer *t = sent(&transport, &config);
  CURLM *multi = transport.multi;
  co_pollset set = transport.set;
  CHECK(co_transport_forget(&transport));
  CHECK(transport.multi == NULL && transport.idle_count == 0);
  CHECK(transport.set.fd >= 0 && transport.set.fd != set.fd);
  transport.multi = multi;  /* no child: what was forgotten is ours to free */
  curl_multi_remove_handle(multi, t->handle);
  curl_easy_cleanup(t->handle);
  co_pollset_close(&set);
  co_transfer_free(t);
  co_transport_close(&transport);
  server_close(&s);
}


int main(void) {
  test_send();
  test_drop();
  test_renew();
  test_forget();
  return check_report();
}
