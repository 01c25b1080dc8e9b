/*
** Transfers that end before libcurl has done with them: cancelled, at the
** client's close, in a child of fork().
*/
#include <math.h>
#include <unistd.h>

#include "core/state.h"

static const char *const inherited =
  "the client was made before fork(): its connections are the parent's";


void co_end(co_engine *engine, co_transfer *t, co_kind kind,
            const char *message) {
  if (t->state == CO_ACTIVE) co_attempt_drop(engine, t);
  co_fail(engine, t, kind, message);
}


void co_end_all(co_engine *engine, co_kind kind, const char *message) {
  for (int state = 0; state < CO_DONE; state++)
    while (engine->lists[state].first != NULL)
      co_end(engine, engine->lists[state].first, kind, message);
}


const char *co_why_shut(const co_engine *engine) {
  return engine->inherited ? inherited : "the client is closed";
}


/* To end connections in order would say goodbye on the parent's own, and
** take them out of the poll set that both have. So the child lets go of all
** that is libcurl's, and takes a set of its own to wake whoever polls. */
static void forget(co_engine *engine) {
  engine->owner = getpid();
  engine->inherited = engine->shut = true;
  engine->multi = NULL;
  engine->idle_count = 0;
  engine->curl_due = INFINITY;
  co_end_all(engine, CO_CLOSED, inherited);
  co_sockets_free(&engine->sockets);
  co_pollset_forget(&engine->set);
  co_pollset_open(&engine->set);
}


void co_notice_fork(co_engine *engine) {
  if (engine->owner != getpid()) forget(engine);
}
