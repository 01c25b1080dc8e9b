/*
** src/core/engine.c: the life of transfers in an engine. The server runs in
** this thread.
*/
#include "core/engine.h"

#include <poll.h>
#include <sys/wait.h>

#include "check.h"
#include "client.h"
#include "core/clock.h"


/* Steps until the transfer is done, or for five seconds. */
static void run(co_engine *engine, server *s, const co_transfer *t) {
  double end = co_clock_now() + 5;
  while (t->state != CO_DONE && co_clock_now() < end) {
    co_engine_step(engine, 0.005);
    server_serve(s);
  }
}


static void test_answer(void) {
  server s = server_open(ANSWER);
  co_config config = client_config(&s);
  co_engine *engine = co_engine_new(&config);
  co_transfer *t = client_request(&config, "get");
  co_engine_submit(engine, t);
  CHECK(t->state == CO_QUEUED && co_engine_collect(engine) == NULL);
  run(engine, &s, t);
  CHECK(t->result.kind == CO_KIND_OK && t->result.status == 200);
  CHECK_TEXT(t->answer.bytes, "{}");
  CHECK(strncmp(s.seen, "GET /api/v1/data_assets/fea84ebf", 32) == 0);
  CHECK(co_engine_collect(engine) == t && t->engine == NULL);
  CHECK(co_engine_activity(engine)->stats.requests == 1);
  CHECK(co_engine_timeout(engine) != 0);
  co_engine_free(engine);
  co_transfer_free(t);
  server_close(&s);
}


/* Nothing that writes leaves, and the transfer is done at once. */
static void test_dry_run(void) {
  server s = server_open(ANSWER);
  co_config config = client_config(&s);
  config.dry_run = true;
  co_engine *engine = co_engine_new(&config);
  co_transfer *write = client_request(&config, "delete");
  co_transfer *read = client_request(&config, "get");
  co_engine_submit(engine, write);
  CHECK(write->state == CO_DONE);
  CHECK(write->result.kind == CO_KIND_DRY_RUN);
  CHECK(write->result.outcome == CO_OUTCOME_NOT_SENT);
  co_engine_submit(engine, read);
  run(engine, &s, read);
  CHECK(read->result.kind == CO_KIND_OK && s.requests == 1);
  co_engine_release(write);
  co_engine_release(read);
  co_engine_free(engine);
  co_transfer_free(write);
  co_transfer_free(read);
  server_close(&s);
}


/* Cancelled while queued: not sent. While under way: unknown. */
static void test_cancel(void) {
  server s = server_open(NULL);
  co_config config = client_config(&s);
  co_engine *engine = co_engine_new(&config);
  co_transfer *queued = client_request(&config, "delete");
  co_transfer *active = client_request(&config, "delete");
  co_engine_submit(engine, queued);
  co_engine_cancel(queued);
  CHECK(queued->state == CO_DONE);
  CHECK(queued->result.outcome == CO_OUTCOME_NOT_SENT);
  co_engine_submit(engine, active);
  for (int i = 0; i < 50 && s.connections == 0; i++) {
    co_engine_step(engine, 0.01);
    server_serve(&s);
  }
  CHECK(active->state == CO_ACTIVE);
  co_engine_cancel_all(engine);
  CHECK(active->result.kind == CO_KIND_CANCELLED);
  CHECK(active->result.outcome == CO_OUTCOME_UNKNOWN);
  co_engine_free(engine);
  CHECK(queued->engine == NULL && active->engine == NULL);
  co_transfer_free(queued);
  co_transfer_free(active);
  server_close(&s);
}


/* What waits for its turn ends; a write that has left goes on, and so does a
** pause. */
static void test_cancel_harmless(void) {
  server s = server_open(NULL);
  co_config config = client_config(&s);
  config.jobs = 1;
  co_engine *engine = co_engine_new(&config);
  co_transfer *active = client_request(&config, "delete");
  co_transfer *queued = client_request(&config, "delete");
  co_transfer *pause = co_transfer_new(&co_pause, 0);
  co_engine_submit(engine, active);
  co_engine_submit(engine, queued);
  co_engine_pause(engine, pause, 60);
  for (int i = 0; i < 100 && s.connections == 0; i++) {
    co_engine_step(engine, 0.01);
    server_serve(&s);
  }
  co_engine_step(engine, 0.01);
  co_engine_cancel_harmless(engine);
  CHECK(active->state == CO_ACTIVE && pause->state == CO_PAUSED);
  CHECK(queued->result.kind == CO_KIND_CANCELLED);
  CHECK(queued->result.outcome == CO_OUTCOME_NOT_SENT);
  s.answer = ANSWER;
  run(engine, &s, active);
  CHECK(active->result.kind == CO_KIND_OK && s.requests == 1);
  co_engine_free(engine);
  co_transfer_free(active);
  co_transfer_free(queued);
  co_transfer_free(pause);
  server_close(&s);
}


/* A read that has left ends too: nothing depends on its answer. */
static void test_cancel_reads(void) {
  server s = server_open(NULL);
  co_config config = client_config(&s);
  co_engine *engine = co_engine_new(&config);
  co_transfer *active = client_request(&config, "get");
  co_engine_submit(engine, active);
  for (int i = 0; i < 100 && s.connections == 0; i++) {
    co_engine_step(engine, 0.01);
    server_serve(&s);
  }
  co_engine_step(engine, 0.01);
  CHECK(active->state == CO_ACTIVE);
  co_engine_cancel_harmless(engine);
  CHECK(active->result.kind == CO_KIND_CANCELLED);
  co_engine_free(engine);
  co_transfer_free(active);
  server_close(&s);
}


/* A shut engine stays pollable, and takes nothing in. */
static void test_shut(void) {
  server s = server_open(ANSWER);
  co_config config = client_config(&s);
  co_engine *engine = co_engine_new(&config);
  struct pollfd poller = {.fd = co_engine_fd(engine), .events = POLLIN};
  co_transfer *waiting = client_request(&config, "get");
  co_transfer *late = client_request(&config, "get");
  co_engine_submit(engine, waiting);
  co_engine_shut(engine);
  CHECK(waiting->result.kind == CO_KIND_CANCELLED);
  CHECK(poll(&poller, 1, 1000) == 1);
  co_engine_submit(engine, late);
  CHECK(late->state == CO_DONE && late->result.kind == CO_KIND_CLOSED);
  co_engine_free(engine);
  co_transfer_free(waiting);
  co_transfer_free(late);
  server_close(&s);
}


/* Whether a child of fork() ends the transfers that it inherits, continues a
** pause, and sends new ones over a connection of its own. */
static bool works_in_child(const co_config *config, co_engine *engine,
                           server *s, co_transfer *inherited) {
  co_transfer *pause = co_transfer_new(&co_pause, 0);
  co_transfer *t = client_request(config, "get");
  co_engine_submit(engine, t);
  bool left = inherited->state == CO_DONE &&
              inherited->result.kind == CO_KIND_CLOSED &&
              inherited->result.outcome == CO_OUTCOME_UNKNOWN;
  co_engine_pause(engine, pause, 0.01);
  run(engine, s, t);
  run(engine, s, pause);
  bool good = left && t->result.kind == CO_KIND_OK && s->connections == 2 &&
              pause->result.kind == CO_KIND_OK;
  co_engine_free(engine);
  return good;
}


/* The parent's connection still serves it. */
static void test_fork(void) {
  server s = server_open(ANSWER);
  co_config config = client_config(&s);
  co_engine *engine = co_engine_new(&config);
  co_transfer *first = client_request(&config, "get");
  co_transfer *second = client_request(&config, "delete");
  co_engine_submit(engine, first);
  run(engine, &s, first);
  co_engine_submit(engine, second);
  pid_t child = fork();
  if (child == 0)
    _exit(works_in_child(&config, engine, &s, second) ? 0 : 1);
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(status == 0);
  run(engine, &s, second);
  CHECK(second->result.kind == CO_KIND_OK && s.connections == 1);
  co_engine_free(engine);
  co_transfer_free(first);
  co_transfer_free(second);
  server_close(&s);
}


/* A host that polls the descriptor is woken for what is due. */
static void test_pause(void) {
  server s = server_open(ANSWER);
  co_config config = client_config(&s);
  co_engine *engine = co_engine_new(&config);
  struct pollfd poller = {.fd = co_engine_fd(engine), .events = POLLIN};
  co_transfer *t = co_transfer_new(&co_pause, 0);
  co_engine_pause(engine, t, 0.02);
  CHECK(poll(&poller, 1, 0) == 0);
  CHECK(poll(&poller, 1, 5000) == 1);
  co_engine_step(engine, 0);
  CHECK(t->state == CO_DONE && t->result.kind == CO_KIND_OK);
  co_engine_free(engine);
  co_transfer_free(t);
  server_close(&s);
}


/* Nobody waits: the descriptor that a host polls stays silent, whatever the
** server does with idle connections, until the engine is shut. */
static void test_silence(void) {
  server s = server_open(ANSWER);
  co_config config = client_config(&s);
  co_engine *engine = co_engine_new(&config);
  struct pollfd poller = {.fd = co_engine_fd(engine), .events = POLLIN};
  co_transfer *t = client_request(&config, "get");
  co_engine_submit(engine, t);
  run(engine, &s, t);
  CHECK(poll(&poller, 1, 1000) == 1);
  CHECK(co_engine_collect(engine) == t);
  server_close(&s);
  CHECK(poll(&poller, 1, 50) == 0);
  co_engine_shut(engine);
  CHECK(poll(&poller, 1, 1000) == 1);
  co_engine_step(engine, 0);
  CHECK(poll(&poller, 1, 50) == 0);
  co_engine_free(engine);
  co_transfer_free(t);
}


/* A nudge wakes the host until it is over, whoever steps meanwhile. */
static void test_nudge(void) {
  server s = server_open(ANSWER);
  co_config config = client_config(&s);
  co_engine *engine = co_engine_new(&config);
  struct pollfd poller = {.fd = co_engine_fd(engine), .events = POLLIN};
  CHECK(poll(&poller, 1, 0) == 0);
  co_engine_nudge(engine, true);
  co_engine_step(engine, 0);
  CHECK(poll(&poller, 1, 1000) == 1);
  co_engine_nudge(engine, false);
  CHECK(poll(&poller, 1, 0) == 0);
  co_engine_free(engine);
  server_close(&s);
}


/* A wait is short, whatever is asked for: a signal that came just before it
** is noticed only afterwards. */
static void test_short_waits(void) {
  server s = server_open(NULL);
  co_config config = client_config(&s);
  co_engine *engine = co_engine_new(&config);
  co_transfer *t = co_transfer_new(&co_pause, 0);
  double began = co_clock_now();
  co_engine_pause(engine, t, 60);
  co_engine_step(engine, -1);
  co_engine_step(engine, 60);
  CHECK(co_clock_now() - began < 30 && t->state == CO_PAUSED);
  co_engine_free(engine);
  co_transfer_free(t);
  server_close(&s);
}


int main(void) {
  test_short_waits();
  test_silence();
  test_nudge();
  test_answer();
  test_dry_run();
  test_cancel();
  test_shut();
  test_fork();
  test_cancel_harmless();
  test_cancel_reads();
  test_pause();
  return check_report();
}
