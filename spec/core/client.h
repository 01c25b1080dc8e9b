/*
** Shared by the C tests of engine, transport and handle: a config for the
** server on loopback, and a request to it.
*/
#ifndef CLIENT_H
#define CLIENT_H

#include "core/engine.h"
#include "server.h"

static const char *const client_id = "fea84ebf-b58b-4ad2-994d-7169dc3880fb";

#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


static inline co_config client_config(const server *s) {
  char domain[40];
  co_config config = {
    .token = "cop_test", .user_agent = "test", .timeout = 5,
    .connect_timeout = 5, .deadline = 10, .retries = 0, .jobs = 4,
    .answer_max = 1000
  };
  snprintf(domain, sizeof domain, "http://127.0.0.1:%d", s->port);
  co_address_parse(&config.address, domain, strlen(domain), false);
  return config;
}


static inline co_transfer *client_request(const co_config *config,
                                          const char *operation) {
  co_transfer *t = co_transfer_new(co_endpoint_find(operation), 1000);
  co_transfer_address(t, config->address.base, client_id);
  return t;
}

#endif
