/*
** The differences between the supported versions of libcurl, 7.74 and newer
** (.ci/setup refuses older ones). No other file tests the version.
*/
#ifndef CO_COMPAT_H
#define CO_COMPAT_H

#include <curl/curl.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

/* Allows one scheme. False: no memory. Names came with 7.85, where numbers
** became deprecated. */
static inline bool co_compat_allow(CURL *handle, bool plain) {
#if CURL_AT_LEAST_VERSION(7, 85, 0)
  const char *name = plain ? "http" : "https";
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, name) == CURLE_OK;
#else
  long bits = plain ? CURLPROTO_HTTP : CURLPROTO_HTTPS;
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, bits) == CURLE_OK;
#endif
}

/* Lets a transfer be dropped without waiting for a name server that does not
** answer: libcurl's resolver thread ends later. Before 7.87 libcurl waits. */
static inline void co_compat_leave_resolver(CURL *handle) {
#if CURL_AT_LEAST_VERSION(7, 87, 0)
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
#else
  (void)handle;
#endif
}

/* Makes libcurl call that function before it sends a request (NULL: none); the
** function may abort the request. False: this libcurl cannot (before 7.80). */
typedef int co_compat_before(void *data, char *to, char *from, int to_port,
                             int from_port);

enum { CO_COMPAT_GO_ON = 0, CO_COMPAT_ABORT = 1 };

static inline bool co_compat_before_request(CURL *handle,
                                            co_compat_before *before,
                                            void *data) {
#if CURL_AT_LEAST_VERSION(7, 80, 0)
  curl_easy_setopt(handle, CURLOPT_PREREQDATA, data);
  return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, before) == CURLE_OK;
#else
  (void)handle;
  (void)before;
  (void)data;
  return false;
#endif
}

/* Before 7.88 libcurl's TLS library may write to a connection that the peer
** has reset, which raises SIGPIPE. A call of libcurl that may write stands
** between hold and release: this thread then gets no such signal, and one that
** came is removed. Signals of other threads are as they were. */
#if CURL_AT_LEAST_VERSION(7, 88, 0) || defined SO_NOSIGPIPE
typedef bool co_compat_pipe;

static inline co_compat_pipe co_compat_hold_pipe(void) { return false; }

static inline void co_compat_release_pipe(co_compat_pipe before) {
  (void)before;
}
#else
typedef struct co_compat_pipe {
  sigset_t mask;
  bool pending;  /* a signal that somebody else waits for */
} co_compat_pipe;

static inline bool co_compat_pipe_pending(void) {
  sigset_t pending;
  return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

static inline sigset_t co_compat_pipe_set(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  return set;
}

static inline co_compat_pipe co_compat_hold_pipe(void) {
  co_compat_pipe before = {.pending = co_compat_pipe_pending()};
  sigset_t set = co_compat_pipe_set();
  pthread_sigmask(SIG_BLOCK, &set, &before.mask);
  return before;
}

static inline void co_compat_release_pipe(co_compat_pipe before) {
  sigset_t set = co_compat_pipe_set();
  const struct timespec now = {0};
  if (!before.pending && co_compat_pipe_pending())
    sigtimedwait(&set, NULL, &now);
  pthread_sigmask(SIG_SETMASK, &before.mask, NULL);
}
#endif

#endif
