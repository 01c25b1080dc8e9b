/*
** Drives one libcurl multi handle by its sockets and its timer.
*/
#include "core/wire/transport.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/wire/compat.h"

enum { EVENTS = 64 };


/* Called by libcurl: only stores the time. */
static int on_timer(CURLM *multi, long ms, void *data) {
  co_transport *transport = data;
  (void)multi;
  transport->curl_due = ms < 0 ? INFINITY : co_clock_now() + (double)ms / 1000;
  return 0;
}


static bool make_multi(co_transport *t) {
  t->multi = curl_multi_init();
  if (t->multi == NULL) return false;
  co_sockets_follow_multi(&t->sockets, t->multi);
  curl_multi_setopt(t->multi, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(t->multi, CURLMOPT_TIMERDATA, t);
  curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, (long)t->idle_most);
  return true;
}


bool co_transport_open(co_transport *t, const co_config *config) {
  *t = (co_transport){.set = CO_POLLSET_CLOSED, .curl_due = INFINITY,
                      .idle_most = config->jobs};
  co_sockets_init(&t->sockets, &t->set);
  t->idle = calloc((size_t)t->idle_most, sizeof *t->idle);
  errno = ENOMEM;
  return t->idle != NULL && co_handle_global() &&
         co_handle_base_init(&t->base, config) && make_multi(t) &&
         co_pollset_open(&t->set);
}


void co_transport_shut(co_transport *t) {
  co_compat_pipe pipe = co_compat_hold_pipe();
  while (t->idle_count > 0) curl_easy_cleanup(t->idle[--t->idle_count]);
  if (t->multi != NULL) curl_multi_cleanup(t->multi);
  co_compat_release_pipe(pipe);
  t->multi = NULL;
  t->curl_due = INFINITY;
}


/* The multi handle must be closed before the poll set: closing it reports
** sockets. */
void co_transport_close(co_transport *t) {
  co_transport_shut(t);
  co_sockets_free(&t->sockets);
  co_pollset_close(&t->set);
  co_handle_base_free(&t->base);
  free(t->idle);
  t->idle = NULL;
}


/* Does not close the parent's connections: that would send data on them and
** remove them from the poll set that parent and child share. Descriptors stay
** open: by now their numbers may belong to other files. */
bool co_transport_forget(co_transport *t) {
  t->multi = NULL;
  t->idle_count = 0;
  t->curl_due = INFINITY;
  t->failed = false;
  co_sockets_free(&t->sockets);
  t->set = CO_POLLSET_CLOSED;
  return co_pollset_open(&t->set);
}


/* Attempts --------------------------------------------------------------- */

static CURL *obtain_handle(co_transport *t) {
  if (t->idle_count > 0) return t->idle[--t->idle_count];
  CURL *handle = co_handle_new(&t->base);
  if (handle != NULL) co_sockets_follow_easy(&t->sockets, handle);
  return handle;
}


/* Returns the transfer's handle, in any state, to the idle ones. A handle that
** was set up for a storage is freed: it serves nothing else. */
static void release_handle(co_transport *t, co_transfer *transfer) {
  CURL *handle = transfer->handle;
  transfer->handle = NULL;
  co_compat_pipe pipe = co_compat_hold_pipe();
  curl_multi_remove_handle(t->multi, handle);
  co_handle_release(handle);
  bool own = transfer->endpoint != &co_read_file;
  if (own && t->idle_count < t->idle_most) t->idle[t->idle_count++] = handle;
  else curl_easy_cleanup(handle);
  co_compat_release_pipe(pipe);
}


bool co_transport_send(co_transport *t, co_transfer *transfer,
                       double seconds) {
  CURL *handle = obtain_handle(t);
  if (handle == NULL) return false;
  transfer->handle = handle;
  bool sent = co_handle_prepare(handle, &t->base, transfer, seconds) &&
              curl_multi_add_handle(t->multi, handle) == CURLM_OK;
  if (!sent) release_handle(t, transfer);
  return sent;
}


bool co_transport_has_sent(const co_transfer *transfer) {
  long bytes = 0;
  curl_easy_getinfo(transfer->handle, CURLINFO_REQUEST_SIZE, &bytes);
  return bytes > 0;
}


void co_transport_drop(co_transport *t, co_transfer *transfer) {
  release_handle(t, transfer);
}


co_transfer *co_transport_ended(co_transport *t) {
  CURLMsg *message;
  int left;
  char *private = NULL;
  do message = curl_multi_info_read(t->multi, &left);
  while (message != NULL && message->msg != CURLMSG_DONE);
  if (message == NULL) return NULL;
  CURL *handle = message->easy_handle;
  CURLcode code = message->data.result;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &private);
  co_transfer *transfer = (co_transfer *)(void *)private;
  co_handle_finish(handle, code, transfer);
  release_handle(t, transfer);
  return transfer;
}


/* libcurl ---------------------------------------------------------------- */

static void call_curl(co_transport *t, curl_socket_t fd, int mask) {
  int running;
  if (t->multi == NULL || t->failed) return;
  co_compat_pipe pipe = co_compat_hold_pipe();
  t->failed =
    curl_multi_socket_action(t->multi, fd, mask, &running) != CURLM_OK;
  co_compat_release_pipe(pipe);
}


void co_transport_run(co_transport *t) {
  if (t->curl_due > co_clock_now()) return;
  t->curl_due = INFINITY;
  call_curl(t, CURL_SOCKET_TIMEOUT, 0);
}


static void report_socket(co_transport *t, const co_ready *ready) {
  if (co_sockets_at_rest(&t->sockets, ready->fd)) return;
  call_curl(t, ready->fd, (ready->in ? CURL_CSELECT_IN : 0) |
                          (ready->out ? CURL_CSELECT_OUT : 0) |
                          (ready->broken ? CURL_CSELECT_ERR : 0));
}


void co_transport_wait(co_transport *t, double seconds) {
  co_ready ready[EVENTS];
  int n = co_pollset_wait(&t->set, ready, EVENTS, seconds);
  for (int i = 0; i < n; i++) report_socket(t, &ready[i]);
}


void co_transport_renew(co_transport *t) {
  co_transport_shut(t);
  t->failed = false;
  make_multi(t);
}


void co_transport_ensure(co_transport *t) {
  if (t->multi == NULL) make_multi(t);
}
