/*
** One attempt of a get, for the C tests of the handle's files: libcurl sends
** it to a server in a thread, and it is finished.
*/
#ifndef PERFORM_H
#define PERFORM_H

#include <pthread.h>

#include "check.h"
#include "client.h"
#include "core/wire/handle.h"


/* curl_easy_perform blocks: the server needs a thread here. */
static inline void *serve_one(void *data) {
  server *s = data;
  for (int i = 0; i < 5000 && s->requests == 0; i++) {
    server_serve(s);
    usleep(1000);
  }
  return NULL;
}


/* A get that is answered so and ends with that code of libcurl's; CURLE_OK:
** with the one that it really ended with. */
static inline co_transfer *finished(const char *answer, CURLcode end,
                                    char seen[4096]) {
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
  co_handle_finish(handle, end == CURLE_OK ? code : end, t);
  co_handle_release(handle);
  curl_easy_cleanup(handle);
  co_handle_base_free(&base);
  memcpy(seen, s.seen, sizeof s.seen);
  server_close(&s);
  return t;
}


static inline co_transfer *performed(const char *answer, char seen[4096]) {
  return finished(answer, CURLE_OK, seen);
}

#endif
