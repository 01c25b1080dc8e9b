/*
** Sets the options of libcurl's easy handles. Of the callbacks, on_body only
** appends to a capped buffer, co_headers_read only copies two headers, and
** on_request only counts.
*/
#include "core/wire/handle.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/wire/compat.h"
#include "core/wire/request_headers.h"
#include "core/wire/trust.h"

#define SLOWEST 1000L             /* bytes a second of a file */

static CURLcode global_code;


static void global_init(void) {
  global_code = curl_global_init(CURL_GLOBAL_DEFAULT);
}


bool co_handle_global(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, global_init);
  return global_code == CURLE_OK;
}


static char *copied(const char *text) {
  return text == NULL ? NULL : strdup(text);
}


static bool is_copied(const char *text, const char *copy) {
  return text == NULL || copy != NULL;
}


/* The bundle of this system, if libcurl was built for another one and its
** built-in file cannot be read here. NULL: leave libcurl as it is. */
static const char *other_bundle(const char *built_in) {
  const char *const own[] = {built_in, NULL};
  bool missing = built_in != NULL && co_trust_first(own) == NULL;
  return missing ? co_trust_first(co_trust_bundles) : NULL;
}


/* Chooses libcurl's built-in folder of certificates, if it is hashed, over its
** built-in file: a hashed folder is read one certificate at a time. A file and
** a folder together would switch off libcurl's cache, and the whole file would
** be parsed for every connection. False: no memory. */
static bool choose_trust(co_handle_base *base) {
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  bool hashed = co_trust_is_hashed(info->capath);
  const char *file = hashed ? NULL : other_bundle(info->cainfo);
  base->ca_folder = hashed ? strdup(info->capath) : NULL;
  base->ca_file = copied(file);
  return is_copied(file, base->ca_file) && (!hashed || base->ca_folder != NULL);
}


static void make_headers(co_handle_base *base, const co_config *config) {
  const char *token = config->token, *agent = config->user_agent;
  base->headers = co_request_headers_new(token, agent, false);
  base->json_headers = co_request_headers_new(token, agent, true);
  base->proxy_headers = co_request_headers_of_proxy(agent);
}


bool co_handle_base_init(co_handle_base *base, const co_config *config) {
  const co_address *address = &config->address;
  *base = (co_handle_base){
    .user_agent = strdup(config->user_agent),
    .client_cert = copied(config->client_cert),
    .client_key = copied(config->client_key),
    .ca_file = copied(config->ca_file), .ca_folder = copied(config->ca_folder),
    .connect_ms = (long)(config->connect_timeout * 1000),
    .plain = address->plain, .loopback = address->loopback
  };
  snprintf(base->origin, sizeof base->origin, "%s://%s/",
           address->plain ? "http" : "https", address->host);
  make_headers(base, config);
  bool own = config->ca_file != NULL || config->ca_folder != NULL;
  return base->headers != NULL && base->json_headers != NULL &&
         base->proxy_headers != NULL && base->user_agent != NULL &&
         is_copied(config->client_cert, base->client_cert) &&
         is_copied(config->client_key, base->client_key) &&
         is_copied(config->ca_file, base->ca_file) &&
         is_copied(config->ca_folder, base->ca_folder) &&
         (own || choose_trust(base));
}


void co_handle_base_free(co_handle_base *base) {
  co_request_headers_free(base->headers);
  co_request_headers_free(base->json_headers);
  co_request_headers_free(base->proxy_headers);
  free(base->user_agent);
  free(base->client_cert);
  free(base->client_key);
  free(base->ca_file);
  free(base->ca_folder);
  *base = (co_handle_base){0};
}


/* Allocates the announced length at once, but at most the size of a large page:
** the server may announce any length. */
static void reserve_answer(co_transfer *transfer) {
  enum { LARGE = 1024 * 1024 };
  curl_off_t length = 0;
  curl_easy_getinfo(transfer->handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
                    &length);
  if (length > 0)
    co_buffer_expect(&transfer->answer,
                     length < LARGE ? (size_t)length : LARGE);
}


/* Called by libcurl: only appends. If it returns less than the full length,
** libcurl ends the transfer. */
static size_t on_body(char *bytes, size_t size, size_t count, void *data) {
  co_transfer *transfer = data;
  if (transfer->answer.length == 0) reserve_answer(transfer);
  bool added = co_buffer_add(&transfer->answer, bytes, size * count);
  return added ? size * count : 0;
}


/* Sets a text, which libcurl copies. Every result must be checked: when memory
** is out, libcurl would go on without the text, that is without a token, with
** another method, or through a proxy. */
static bool set_text(CURL *handle, CURLoption option, const char *text) {
  return curl_easy_setopt(handle, option, text) == CURLE_OK;
}


/* Sets the file or the folder of trusted certificates, or both, for the server
** and for an https proxy. If neither is given, libcurl's built-in ones stay; if
** one is, only that is trusted. */
static bool set_trust(CURL *handle, const co_handle_base *base) {
  if (base->ca_file == NULL && base->ca_folder == NULL) return true;
  return set_text(handle, CURLOPT_CAINFO, base->ca_file) &&
         set_text(handle, CURLOPT_CAPATH, base->ca_folder) &&
         set_text(handle, CURLOPT_PROXY_CAINFO, base->ca_file) &&
         set_text(handle, CURLOPT_PROXY_CAPATH, base->ca_folder);
}


/* Sets the texts that stay for all attempts. Loopback gets no proxy: for the
** proxy, 127.0.0.1 is its own machine. The empty password of the key keeps the
** TLS library from asking for one on the terminal, which would stop the whole
** program. ACCEPT_ENCODING lets libcurl decode; a header names the encodings to
** the server. */
static bool set_texts(CURL *handle, const co_handle_base *base) {
  return co_compat_allow(handle, base->plain)
      && set_text(handle, CURLOPT_URL, base->origin)
      && set_text(handle, CURLOPT_SSLCERT, base->client_cert)
      && set_text(handle, CURLOPT_SSLKEY, base->client_key)
      && set_text(handle, CURLOPT_KEYPASSWD, "")
      && set_text(handle, CURLOPT_ACCEPT_ENCODING, "")
      && set_text(handle, CURLOPT_PROXY, base->loopback ? "" : NULL)
      && set_trust(handle, base);
}


/* Removes from the handle what a storage must not get; set_method removes the
** headers. Nothing is set back: the transport frees the handle afterwards. */
static bool set_storage(CURL *handle, const co_handle_base *base,
                        const co_transfer *transfer) {
  const char *range = *transfer->range ? transfer->range : NULL;
  return co_compat_allow(handle, transfer->plain)
      && set_text(handle, CURLOPT_SSLCERT, NULL)
      && set_text(handle, CURLOPT_SSLKEY, NULL)
      && set_text(handle, CURLOPT_USERAGENT, base->user_agent)
      && set_text(handle, CURLOPT_ACCEPT_ENCODING, NULL)
      && set_text(handle, CURLOPT_PROXY, transfer->plain ? "" : NULL)
      && set_text(handle, CURLOPT_RANGE, range);
}


CURL *co_handle_new(const co_handle_base *base) {
  CURL *handle = curl_easy_init();
  if (handle == NULL) return NULL;
  if (!set_texts(handle, base)) {
    curl_easy_cleanup(handle);
    return NULL;
  }
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  co_compat_leave_resolver(handle);
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(handle, CURLOPT_PROXY_SSLVERSION,
                   (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, base->connect_ms);
  /* A proxy of plain http gets no CONNECT, but the request with its headers. */
  if (!base->plain)
    curl_easy_setopt(handle, CURLOPT_PROXYHEADER, base->proxy_headers);
  /* With TLS, wait for the handshake, which tells whether the connection can
  ** be shared (h2). Without TLS only the first answer tells: do not wait. */
  curl_easy_setopt(handle, CURLOPT_PIPEWAIT, base->plain ? 0L : 1L);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, co_headers_read);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  return handle;
}


static const struct curl_slist *headers_of(const co_handle_base *base,
                                           const co_transfer *transfer) {
  if (transfer->endpoint == &co_read_file) return NULL;
  return transfer->endpoint->body ? base->json_headers : base->headers;
}


static bool set_method(CURL *handle, const co_handle_base *base,
                       const co_transfer *transfer) {
  curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers_of(base, transfer));
  if (transfer->endpoint->body != NULL) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, transfer->body.bytes);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)transfer->body.length);
  }
  return set_text(handle, CURLOPT_CUSTOMREQUEST, transfer->endpoint->method);
}


/* Sets path and query as the request target. The handle's address stays that of
** the server: libcurl would parse and write a new one for every request. For a
** storage, the address is set too. With plain http a proxy may need the whole
** address as the target: then the address is set, and libcurl writes it. */
static bool set_address(CURL *handle, const co_handle_base *base,
                        const co_transfer *transfer) {
  const char *url = transfer->url.bytes;
  const char *path = strchr(strstr(url, "://") + strlen("://"), '/');
  bool own = transfer->endpoint != &co_read_file;
  if (own && base->plain && !base->loopback)
    return set_text(handle, CURLOPT_URL, url);
  return (own || set_text(handle, CURLOPT_URL, url)) &&
         set_text(handle, CURLOPT_REQUEST_TARGET, path);
}


/* Called by libcurl each time before it sends the request: lets it send the
** request once, and aborts when it would repeat it. */
static int on_request(void *data, char *to, char *from, int to_port,
                      int from_port) {
  co_transfer *transfer = data;
  (void)to;
  (void)from;
  (void)to_port;
  (void)from_port;
  return transfer->requests++ == 0 ? CO_COMPAT_GO_ON : CO_COMPAT_ABORT;
}


/* Chooses the connection. libcurl repeats a request itself when a kept
** connection turns out to be dead, but never on a new connection. A create may
** have been done by then: it gets a new connection. A delete would get a 404
** for its own repeat: it may use a kept connection, but on_request aborts the
** repeat; the schedule may repeat it, since it knows of the lost answer. */
static void set_connection(CURL *handle, co_transfer *transfer) {
  bool deletes = transfer->endpoint->gone_is_done;
  bool once = transfer->endpoint->repeat == CO_REPEAT_UNPROCESSED;
  transfer->requests = 0;
  bool kept = co_compat_before_request(handle, deletes ? on_request : NULL,
                                       transfer);
  curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT,
                   once || transfer->http1 || (deletes && !kept) ? 1L : 0L);
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, transfer->http1
                     ? (long)CURL_HTTP_VERSION_1_1
                     : (long)CURL_HTTP_VERSION_2TLS);
}


/* Limits the time of an attempt. A file may be large: it may take longer, as
** long as SLOWEST bytes a second arrive. */
static void set_time(CURL *handle, const co_transfer *transfer,
                     double seconds) {
  bool file = transfer->endpoint == &co_read_file;
  long ms = seconds < 0.001 ? 1 : (long)(seconds * 1000);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, file ? 0L : ms);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, file ? SLOWEST : 0L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME,
                   file ? (ms + 999) / 1000 : 0L);
}


bool co_handle_prepare(CURL *handle, const co_handle_base *base,
                     co_transfer *transfer, double seconds) {
  set_time(handle, transfer, seconds);
  transfer->headers = (co_headers){"", ""};
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer->headers);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt(handle, CURLOPT_PRIVATE, transfer);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, transfer->result.message);
  set_connection(handle, transfer);
  bool own = transfer->endpoint != &co_read_file;
  return (own || set_storage(handle, base, transfer)) &&
         set_method(handle, base, transfer) &&
         set_address(handle, base, transfer);
}


void co_handle_release(CURL *handle) {
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, NULL);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, NULL);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, NULL);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, NULL);
  curl_easy_setopt(handle, CURLOPT_PRIVATE, NULL);
  co_compat_before_request(handle, NULL, NULL);
}
