/*
** src/core/wire/sockets.c: a connection stays in the poll set between two
** requests.
*/
#include "core/wire/sockets.h"

#include "check.h"
#include "client.h"
#include "core/wire/transport.h"


static void request(co_transport *transport, const co_config *config,
                    server *s) {
  co_transfer *t = client_request(config, "get"), *ended = NULL;
  CHECK(co_transport_send(transport, t, 5));
  for (int i = 0; i < 500 && ended == NULL; i++) {
    co_transport_run(transport);
    co_transport_wait(transport, 0.005);
    server_serve(s);
    ended = co_transport_ended(transport);
  }
  CHECK(ended == t && t->attempt.status == 200);
  co_transfer_free(t);
}


/* The only socket that libcurl has open here. */
static int socket_of(const co_transport *transport) {
  for (int fd = 0; fd < transport->sockets.room; fd++)
    if (transport->sockets.marks[fd] != 0) return fd;
  return -1;
}


static void test_rest(void) {
  server s = server_open(ANSWER);
  co_config config = client_config(&s);
  co_transport transport;
  co_ready ready[4];
  CHECK(co_transport_open(&transport, &config));
  request(&transport, &config, &s);
  int fd = socket_of(&transport);
  CHECK(fd >= 0);
  request(&transport, &config, &s);
  CHECK(s.connections == 1 && socket_of(&transport) == fd);
  server_close(&s);  /* the end of a connection at rest is news of the set */
  CHECK(co_pollset_wait(&transport.set, ready, 4, 5) == 1);
  CHECK(ready[0].fd == fd);
  CHECK(co_sockets_at_rest(&transport.sockets, fd));
  CHECK(co_pollset_wait(&transport.set, ready, 4, 0) == 0);
  CHECK(!co_sockets_at_rest(&transport.sockets, fd));
  co_transport_close(&transport);
}


static void test_unknown(void) {
  co_pollset set = CO_POLLSET_CLOSED;
  co_sockets sockets;
  co_sockets_init(&sockets, &set);
  CHECK(!co_sockets_at_rest(&sockets, -1));
  CHECK(!co_sockets_at_rest(&sockets, 3));
  CHECK(!co_sockets_at_rest(&sockets, 1 << 30));
  co_sockets_free(&sockets);
  co_sockets_free(&sockets);
}


int main(void) {
  test_rest();
  test_unknown();
  return check_report();
}
