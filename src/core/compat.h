/*
** What differs between the versions of libcurl that are supported, 7.74 and
** newer (.ci/setup refuses older ones). Only this file asks for the version.
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

/* Does not wait, when a transfer is dropped, for a name server that does not
** answer: libcurl's resolver thread is left to itself. Before 7.87 libcurl
** waits for it. */
static inline void co_compat_leave_resolver(CURL *handle) {
#if CURL_AT_LEAST_VERSION(7, 87, 0)
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
#else
  (void)handle;
#endif
}

#endif
