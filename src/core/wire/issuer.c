/*
** One connection without verification and without a request.
*/
#include "core/wire/issuer.h"

#include <stdio.h>
#include <string.h>

#include "core/wire/compat.h"


static bool copy_issuer(const struct curl_slist *fields, char *text,
                        size_t size) {
  static const char name[] = "Issuer:";
  for (; fields != NULL; fields = fields->next) {
    if (strncmp(fields->data, name, strlen(name)) != 0) continue;
    snprintf(text, size, "%s", fields->data + strlen(name));
    return true;
  }
  return false;
}


/* Called by libcurl for what a proxy answers to CONNECT. */
static size_t discard(char *bytes, size_t size, size_t count, void *data) {
  (void)bytes;
  (void)data;
  return size * count;
}


static bool read_certificate(CURL *handle, char *text, size_t size) {
  struct curl_certinfo *shown = NULL;
  curl_easy_getinfo(handle, CURLINFO_CERTINFO, &shown);
  return shown != NULL && shown->num_of_certs > 0 &&
         copy_issuer(shown->certinfo[0], text, size);
}


bool co_issuer_read(const co_handle_base *base, char *text, size_t size) {
  CURL *handle = base->plain ? NULL : co_handle_new(base);
  if (handle == NULL) return false;
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, discard);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, discard);
  curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(handle, CURLOPT_CERTINFO, 1L);
  co_compat_pipe pipe = co_compat_hold_pipe();
  bool found = curl_easy_perform(handle) == CURLE_OK &&
               read_certificate(handle, text, size);
  curl_easy_cleanup(handle);
  co_compat_release_pipe(pipe);
  return found;
}
