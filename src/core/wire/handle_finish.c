/*
** Reads the result of an attempt that has ended from its handle: status and
** kind, whether the request can have been processed, and the message.
*/
#include <stdio.h>
#include <string.h>

#include "core/wire/handle.h"
#include "core/text/json.h"
#include "core/wire/proxy.h"


/* Writes only scheme, host and path of a redirect's target: the query may hold
** secrets, and libcurl writes the token before the host. */
static void describe_redirect(CURL *handle, co_result *result) {
  const char *target = NULL;
  curl_easy_getinfo(handle, CURLINFO_REDIRECT_URL, &target);
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


static void set_message(CURL *handle, co_transfer *transfer) {
  co_result *result = &transfer->result;
  CURLcode code = transfer->attempt.code;
  if (transfer->attempt.proxy_status != 0)
    snprintf(result->message, sizeof result->message,
             "the proxy answers %ld and makes no connection to the server",
             transfer->attempt.proxy_status);
  else if (result->kind == CO_KIND_REDIRECT) describe_redirect(handle, result);
  else if (code == CURLE_OK) result->message[0] = '\0';
  else if (transfer->answer.starved)
    snprintf(result->message, sizeof result->message,
             "no memory for the answer");
  else if (code == CURLE_WRITE_ERROR && transfer->answer.broken)
    snprintf(result->message, sizeof result->message,
             "the answer is longer than %zu bytes", transfer->answer.maximum);
  else if (code == CURLE_ABORTED_BY_CALLBACK)
    snprintf(result->message, sizeof result->message,
             "the connection was closed before an answer came");
  else if (code == CURLE_PARTIAL_FILE && result->message[0] == '\0')
    snprintf(result->message, sizeof result->message,
             "the answer ends in the middle");
  else if (result->message[0] == '\0' || co_proxy_may_show(result->message))
    snprintf(result->message, sizeof result->message, "%s",
             curl_easy_strerror(code));
}


static bool has_any(const char *message, const char *const *words) {
  for (; *words != NULL; words++)
    if (strstr(message, *words) != NULL) return true;
  return false;
}


/* Whether a handshake failed in TLS itself, which is final. False for a
** connection that broke during the handshake (the server restarts), which is
** not final. OpenSSL's own errors have these words. */
static bool is_tls_error(const char *message) {
  static const char *const words[] = { "error:", "alert", NULL };
  return strstr(message, "unexpected eof") == NULL && has_any(message, words);
}


/* Whether the server refused our certificate, or wants one. With TLS 1.3 that
** comes as an alert after the handshake, when libcurl sends or reads. */
static bool is_refused_certificate(CURLcode code, const char *message) {
  static const char *const alerts[] = {
    "alert certificate", "alert bad certificate", "alert unknown ca",
    "alert unsupported certificate", "alert access denied", NULL
  };
  if (code != CURLE_RECV_ERROR && code != CURLE_SEND_ERROR) return false;
  return has_any(message, alerts);
}


static co_kind kind_of(CURLcode code, const co_transfer *transfer) {
  const co_attempt *attempt = &transfer->attempt;
  const co_result *result = &transfer->result;
  if (transfer->answer.starved) return CO_KIND_MEMORY;
  if (code == CURLE_OK) return co_kind_of_status(attempt->status);
  if (is_refused_certificate(code, result->message)) return CO_KIND_TLS;
  if (code == CURLE_SSL_CONNECT_ERROR && is_tls_error(result->message))
    return CO_KIND_TLS;
  return co_kind_of_code(code);
}


/* The time by the server's Date header, else by our clock. A date in
** Retry-After is compared with it. */
static time_t server_time(const co_headers *headers) {
  time_t now = curl_getdate(headers->date, NULL);
  return now == (time_t)-1 ? time(NULL) : now;
}


/* The seconds of Retry-After, or -1. Dates are parsed only if that header came:
** parsing costs more than the rest of this file. */
static double retry_after(const co_headers *headers) {
  if (headers->retry_after[0] == '\0') return -1;
  return co_retry_after(headers->retry_after, server_time(headers));
}


static curl_off_t info(CURL *handle, CURLINFO what) {
  curl_off_t value = 0;
  curl_easy_getinfo(handle, what, &value);
  return value;
}


static long info_long(CURL *handle, CURLINFO what) {
  long value = 0;
  curl_easy_getinfo(handle, what, &value);
  return value;
}


static co_traffic traffic_of(CURL *handle) {
  return (co_traffic){
    .connections = info_long(handle, CURLINFO_NUM_CONNECTS),
    .sent = info_long(handle, CURLINFO_REQUEST_SIZE),
    .received = info_long(handle, CURLINFO_HEADER_SIZE) +
                info(handle, CURLINFO_SIZE_DOWNLOAD_T),
    .microseconds = info(handle, CURLINFO_TOTAL_TIME_T)
  };
}


static const char *text_of(const co_buffer *answer) {
  const char *text = answer->length > 0 ? answer->bytes : "";
  return text + strspn(text, " \t\r\n");
}


static bool is_json(const co_buffer *answer) {
  const char *text = text_of(answer);
  return *text == '{' || *text == '[';
}


/* Whether an answer that begins as JSON is cut off. */
static bool is_cut_json(const co_buffer *answer) {
  co_json text = {.at = text_of(answer),
                  .end = answer->bytes + answer->length};
  return is_json(answer) && !co_json_skip(&text) && text.at == text.end;
}


/* Whether an answer of JSON was cut off before its first byte. A 204 and an
** operation without an answer have no JSON. */
static bool is_cut_empty(const co_transfer *transfer) {
  long status = transfer->attempt.status;
  bool due = status == 200 || status == 201;
  return due && transfer->endpoint->answer != CO_NOTHING &&
         *text_of(&transfer->answer) == '\0';
}


/* Checks that an answer is whole. libcurl notices a cut only if the length was
** announced, which it is not with HTTP/1.0, with chunks or with compression. */
static CURLcode check_whole(CURL *handle, CURLcode code,
                            const co_transfer *transfer) {
  curl_off_t length = info(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
  bool announced = length == (curl_off_t)transfer->answer.length;
  bool is_file = transfer->endpoint == &co_read_file;
  if (code != CURLE_OK || announced || is_file ||
      transfer->attempt.status / 100 != 2)
    return code;
  bool cut = is_cut_json(&transfer->answer) || is_cut_empty(transfer);
  return cut ? CURLE_PARTIAL_FILE : CURLE_OK;
}


/* Lets a status of 400 and above count even if the rest of the answer, or of
** the request, was cut: a gateway may answer before it has read a body. Lack of
** memory stays an error: headers and body of the answer were not read. */
static CURLcode check_refused(CURLcode code, const co_transfer *transfer) {
  bool refused = transfer->attempt.status >= 400;
  bool starved = transfer->answer.starved || code == CURLE_OUT_OF_MEMORY;
  return refused && !starved ? CURLE_OK : code;
}


/* The status of a proxy that refused CONNECT, else 0. After a refusal no byte
** of the request was sent. */
static long proxy_refusal(CURL *handle, CURLcode code) {
  long status = info_long(handle, CURLINFO_HTTP_CONNECTCODE);
  return code != CURLE_OK && status >= 300 ? status : 0;
}


/* Whether a SOCKS proxy refused for good. A server that it cannot reach now may
** be reachable later. */
static bool is_socks_refusal(CURL *handle, CURLcode code) {
  if (code != CURLE_PROXY) return false;
  switch (info_long(handle, CURLINFO_PROXY_ERROR)) {
    case CURLPX_NO_AUTH: case CURLPX_USER_REJECTED:
    case CURLPX_REPLY_NOT_ALLOWED: return true;
    default: return false;
  }
}


/* Whether the server refused the HTTP/2 stream, which means that it processed
** nothing (RFC 9113). libcurl repeats such a request itself, five times, then
** reports "Connection died, tried". A create, whose connections are always new,
** is repeated by libcurl for no other reason. */
static bool is_refused_stream(CURLcode code, const co_transfer *transfer) {
  const char *message = transfer->result.message;
  bool fresh = transfer->endpoint->repeat == CO_REPEAT_UNPROCESSED;
  bool tried = fresh && strstr(message, "Connection died, tried") != NULL;
  return code != CURLE_OK &&
         (tried || strstr(message, "REFUSED_STREAM") != NULL);
}


/* Whether libcurl 7.88 dropped a gateway's answer: the gateway answered before
** it had read a large body and ended the HTTP/2 stream. Over HTTP/1.1 libcurl
** reads such an answer. */
static bool is_lost_answer(const co_attempt *a) {
  return a->code == CURLE_HTTP2_STREAM && a->status == 0 && !a->unsent;
}


static void read_end(CURL *handle, CURLcode code, co_transfer *transfer) {
  co_attempt *a = &transfer->attempt;
  a->proxy_status = proxy_refusal(handle, code);
  a->proxy_final = is_socks_refusal(handle, code);
  a->status = a->proxy_status ? 0 : info_long(handle, CURLINFO_RESPONSE_CODE);
  a->code = check_refused(check_whole(handle, code, transfer), transfer);
  a->kind = kind_of(a->code, transfer);
  bool nothing_sent = a->code != CURLE_OK && transfer->traffic.sent == 0;
  a->unsent = co_code_is_unsent(a->code) || nothing_sent ||
              a->proxy_status != 0 || is_refused_stream(a->code, transfer) ||
              is_refused_certificate(a->code, transfer->result.message);
  transfer->http1 = transfer->http1 || is_lost_answer(a);
}


/* Removes a storage's refusal, and the target of its redirect, from the result:
** both may repeat the signed address. */
static void hide_address(co_transfer *transfer) {
  co_result *result = &transfer->result;
  if (result->kind != CO_KIND_OK) co_buffer_reset(&transfer->answer);
  if (result->kind == CO_KIND_REDIRECT)
    snprintf(result->message, sizeof result->message,
             "the storage points elsewhere; redirects are not followed");
}


void co_handle_finish(CURL *handle, CURLcode code, co_transfer *transfer) {
  co_attempt *attempt = &transfer->attempt;
  co_result *result = &transfer->result;
  transfer->traffic = traffic_of(handle);
  read_end(handle, code, transfer);
  attempt->by_gateway = !is_json(&transfer->answer);
  attempt->retry_after = retry_after(&transfer->headers);
  result->kind = attempt->kind;
  result->outcome = co_attempt_outcome(attempt);
  result->status = attempt->status;
  result->retry_after = attempt->retry_after;
  set_message(handle, transfer);
  if (transfer->endpoint == &co_read_file) hide_address(transfer);
}
