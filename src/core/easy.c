/*
** Options of libcurl handles. Security decisions stand here: TLS always
** verified, no redirect followed, no .netrc, one scheme allowed.
*/
#include "core/easy.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static CURLcode global_code;


static void global_init(void) {
  global_code = curl_global_init(CURL_GLOBAL_DEFAULT);
}


bool co_easy_global(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, global_init);
  return global_code == CURLE_OK;
}


static struct curl_slist *header_list(const char *const *lines) {
  struct curl_slist *list = NULL;
  for (; *lines != NULL; lines++) {
    struct curl_slist *longer = curl_slist_append(list, *lines);
    if (longer == NULL) curl_slist_free_all(list);
    if (longer == NULL) return NULL;
    list = longer;
  }
  return list;
}


bool co_easy_base_init(co_easy_base *base, const co_config *config) {
  static const char *const bare[] = {"Accept: application/json", NULL};
  /* A 100-continue would cost every write a round trip. */
  static const char *const json[] = {"Accept: application/json",
    "Content-Type: application/json", "Expect:", NULL};
  *base = (co_easy_base){
    .headers = header_list(bare), .json_headers = header_list(json),
    .token = strdup(config->token), .user_agent = strdup(config->user_agent),
    .ca_file = config->ca_file == NULL ? NULL : strdup(config->ca_file),
    .connect_ms = (long)(config->connect_timeout * 1000),
    .plain = config->address.plain, .loopback = config->address.loopback
  };
  return base->headers != NULL && base->json_headers != NULL &&
         base->token != NULL && base->user_agent != NULL &&
         (config->ca_file == NULL || base->ca_file != NULL);
}


void co_easy_base_free(co_easy_base *base) {
  if (base->token != NULL) explicit_bzero(base->token, strlen(base->token));
  curl_slist_free_all(base->headers);
  curl_slist_free_all(base->json_headers);
  free(base->token);
  free(base->user_agent);
  free(base->ca_file);
  *base = (co_easy_base){0};
}


/* A server may say what it likes: of more than a large page only as much. */
static void expect(co_transfer *transfer) {
  enum { LARGE = 1024 * 1024 };
  curl_off_t length = 0;
  curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
                    &length);
  if (length > 0)
    co_buffer_expect(&transfer->answer,
                     length < LARGE ? (size_t)length : LARGE);
}


/* Called by libcurl: appends and nothing else. Anything but the full length
** makes libcurl end the transfer. */
static size_t on_body(char *bytes, size_t size, size_t count, void *data) {
  co_transfer *transfer = data;
  if (transfer->answer.length == 0) expect(transfer);
  bool added = co_buffer_add(&transfer->answer, bytes, size * count);
  return added ? size * count : 0;
}


/* libcurl copies texts. What it could not copy it goes without: no token, no
** method, or a proxy's instead of none. */
static bool set_text(CURL *easy, CURLoption option, const char *text) {
  return curl_easy_setopt(easy, option, text) == CURLE_OK;
}


static bool is_folder(const char *path) {
  struct stat info;
  return path != NULL && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}


/* A file and a folder together switch libcurl's cache of parsed files off,
** and a whole bundle is then parsed for every connection. The folder alone
** is read by hash, one certificate at a time. */
static bool set_trust(CURL *easy, const co_easy_base *base) {
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  if (base->ca_file != NULL) {
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    return set_text(easy, CURLOPT_CAINFO, base->ca_file);
  }
  if (is_folder(info->capath)) curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
  return true;
}


/* What a proxy would make of 127.0.0.1 is its own loopback. */
static bool set_texts(CURL *easy, const co_easy_base *base) {
  return set_text(easy, CURLOPT_PROTOCOLS_STR, base->plain ? "http" : "https")
      && set_text(easy, CURLOPT_USERNAME, base->token)
      && set_text(easy, CURLOPT_PASSWORD, "")
      && set_text(easy, CURLOPT_USERAGENT, base->user_agent)
      && set_text(easy, CURLOPT_ACCEPT_ENCODING, "")
      && (!base->loopback || set_text(easy, CURLOPT_PROXY, ""))
      && set_trust(easy, base);
}


CURL *co_easy_new(const co_easy_base *base) {
  CURL *easy = curl_easy_init();
  if (easy == NULL) return NULL;
  if (!set_texts(easy, base)) {
    curl_easy_cleanup(easy);
    return NULL;
  }
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, base->connect_ms);
  /* Whether there are streams to share shows in the TLS handshake, but
  ** without TLS only in the first answer: too late to wait for. */
  curl_easy_setopt(easy, CURLOPT_PIPEWAIT, base->plain ? 0L : 1L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  return easy;
}


static bool set_method(CURL *easy, const co_easy_base *base,
                       const co_transfer *transfer) {
  const char *method = transfer->endpoint->method;
  curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, base->headers);
  if (transfer->endpoint->body != NULL) {
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, base->json_headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer->body.bytes);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)transfer->body.length);
  }
  return set_text(easy, CURLOPT_CUSTOMREQUEST, method);
}


/* The path and query as they are: short of memory, libcurl 7.88 sends an
** address without its query, and a search without filters finds everything.
** A proxy of plain http wants the whole address, which libcurl knows best. */
static bool set_address(CURL *easy, const co_easy_base *base,
                        const co_transfer *transfer) {
  const char *url = transfer->url.bytes;
  const char *path = strchr(strstr(url, "://") + strlen("://"), '/');
  bool proxied = base->plain && !base->loopback;
  return set_text(easy, CURLOPT_URL, url) &&
         (proxied || set_text(easy, CURLOPT_REQUEST_TARGET, path));
}


bool co_easy_prepare(CURL *easy, const co_easy_base *base,
                     co_transfer *transfer, double seconds) {
  bool once = transfer->endpoint->repeat == CO_REPEAT_UNPROCESSED ||
              transfer->endpoint->gone_is_done;
  long ms = (long)(seconds * 1000);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, ms < 1 ? 1 : ms);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->result.message);
  /* When a kept connection turns out dead, libcurl sends the request again
  ** by itself: a create too, which may have been done, and a delete, whose
  ** 404 would then seem to be the first. It never does that on a new
  ** connection. */
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, once ? 1L : 0L);
  return set_method(easy, base, transfer) &&
         set_address(easy, base, transfer);
}


void co_easy_release(CURL *easy) {
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, NULL);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, NULL);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, NULL);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, NULL);
}


static const char *header(CURL *easy, const char *name) {
  struct curl_header *found;
  CURLHcode code = curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &found);
  return code == CURLHE_OK ? found->value : NULL;
}


/* Only scheme, host and path: a query may hold whatever the server put there,
** and before the host libcurl writes the token, percent-encoded. */
static void name_redirect(CURL *easy, co_result *result) {
  const char *target = NULL;
  curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &target);
  if (target == NULL) target = "(nowhere)";
  const char *start = strstr(target, "://");
  const char *host = start == NULL ? target : start + strlen("://");
  int scheme = (int)(host - target);
  size_t user = strcspn(host, "@/?#");
  if (host[user] == '@') host += user + 1;
  snprintf(result->message, sizeof result->message,
           "the server points to %.*s%.*s; redirects are not followed",
           scheme, target, (int)strcspn(host, "?#"), host);
}


static void explain(CURL *easy, CURLcode code, co_transfer *transfer) {
  co_result *result = &transfer->result;
  if (result->kind == CO_REDIRECT) name_redirect(easy, result);
  else if (code == CURLE_OK) result->message[0] = '\0';
  else if (transfer->answer.starved)
    snprintf(result->message, sizeof result->message,
             "no memory for the answer");
  else if (code == CURLE_WRITE_ERROR && transfer->answer.broken)
    snprintf(result->message, sizeof result->message,
             "the answer is longer than %zu bytes", transfer->answer.maximum);
  else if (result->message[0] == '\0')
    snprintf(result->message, sizeof result->message, "%s",
             curl_easy_strerror(code));
}


/* A handshake may fail in TLS itself, which is final, or below it: a server
** that restarts hangs up. OpenSSL's verdicts are told by their form. */
static bool is_verdict(const char *message) {
  if (strstr(message, "unexpected eof") != NULL) return false;
  return strstr(message, "error:") != NULL || strstr(message, "alert") != NULL;
}


static co_kind kind_of(CURLcode code, const co_transfer *transfer) {
  const co_attempt *attempt = &transfer->attempt;
  const co_result *result = &transfer->result;
  if (transfer->answer.starved) return CO_MEMORY;
  if (code == CURLE_OK) return co_kind_of_status(attempt->status);
  if (code == CURLE_SSL_CONNECT_ERROR && is_verdict(result->message))
    return CO_TLS;
  return co_kind_of_code(code);
}


/* By the server's clock, where it tells it: its dates are of that one. */
static time_t now_there(CURL *easy) {
  const char *date = header(easy, "Date");
  time_t now = date == NULL ? (time_t)-1 : curl_getdate(date, NULL);
  return now == (time_t)-1 ? time(NULL) : now;
}


void co_easy_finish(CURL *easy, CURLcode code, co_transfer *transfer) {
  co_attempt *attempt = &transfer->attempt;
  co_result *result = &transfer->result;
  long sent = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &attempt->status);
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
  const char *after = header(easy, "Retry-After");
  attempt->code = code;
  attempt->kind = kind_of(code, transfer);
  attempt->unsent = co_code_is_unsent(code) || (code != CURLE_OK && sent == 0);
  attempt->retry_after =
    after == NULL ? -1 : co_retry_after(after, now_there(easy));
  result->kind = attempt->kind;
  result->outcome = co_attempt_outcome(attempt);
  result->status = attempt->status;
  result->retry_after = attempt->retry_after;
  explain(easy, code, transfer);
}
