/*
** The differences between the supported versions of libcurl, 7.74 and newer
** (.ci/setup refuses older ones). No other file tests the version.
*/
#ifndef CO_COMPAT_H
#define CO_COMPAT_H

#include <curl/curl.h>
#include <stdbool.h>

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

#endif
