/*
** The rows that map HTTP statuses and libcurl's codes to kinds of failure.
*/
#include "core/failure.h"

#include <stddef.h>

static const char *const kind_names[] = {
  [CO_KIND_OK] = "ok",               [CO_KIND_INVALID] = "invalid",
  [CO_KIND_AUTH] = "auth",           [CO_KIND_MISSING] = "missing",
  [CO_KIND_REJECTED] = "rejected",   [CO_KIND_THROTTLED] = "throttled",
  [CO_KIND_SERVER] = "server",       [CO_KIND_REDIRECT] = "redirect",
  [CO_KIND_NETWORK] = "network",     [CO_KIND_TIMEOUT] = "timeout",
  [CO_KIND_TLS] = "tls",             [CO_KIND_DECODE] = "decode",
  [CO_KIND_CANCELLED] = "cancelled", [CO_KIND_CLOSED] = "closed",
  [CO_KIND_DRY_RUN] = "dry_run",     [CO_KIND_MEMORY] = "memory"
};

static const char *const outcome_names[] = {
  [CO_OUTCOME_NOT_SENT] = "not_sent",
  [CO_OUTCOME_REJECTED] = "rejected",
  [CO_OUTCOME_UNKNOWN] = "unknown"
};

/* The first row whose range holds the status wins. */
static const struct status_row {
  long from, to;
  co_kind kind;
} status_rows[] = {
  {200, 299, CO_KIND_OK},
  {300, 399, CO_KIND_REDIRECT},
  {400, 400, CO_KIND_INVALID},
  {401, 401, CO_KIND_AUTH},
  {403, 403, CO_KIND_AUTH},
  {404, 404, CO_KIND_MISSING},
  {408, 408, CO_KIND_TIMEOUT},
  {429, 429, CO_KIND_THROTTLED},
  {400, 499, CO_KIND_REJECTED},
  {500, 599, CO_KIND_SERVER}
};

/* `unsent`: with this code, no server can have read the request. */
static const struct code_row {
  CURLcode code;
  co_kind kind;
  bool unsent;
} code_rows[] = {
  {CURLE_OPERATION_TIMEDOUT,       CO_KIND_TIMEOUT,   false},
  {CURLE_COULDNT_RESOLVE_PROXY,    CO_KIND_NETWORK,   true},
  {CURLE_COULDNT_RESOLVE_HOST,     CO_KIND_NETWORK,   true},
  {CURLE_COULDNT_CONNECT,          CO_KIND_NETWORK,   true},
  {CURLE_PROXY,                    CO_KIND_NETWORK,   true},
  {CURLE_SSL_CONNECT_ERROR,        CO_KIND_NETWORK,   true},
  {CURLE_PEER_FAILED_VERIFICATION, CO_KIND_TLS,       true},
  {CURLE_SSL_CERTPROBLEM,          CO_KIND_TLS,       true},
  /* With this code libcurl 8.23 reports a client key that it cannot use. */
  {CURLE_BAD_FUNCTION_ARGUMENT,    CO_KIND_TLS,       true},
  {CURLE_SSL_CIPHER,               CO_KIND_TLS,       true},
  {CURLE_SSL_CACERT_BADFILE,       CO_KIND_TLS,       true},
  {CURLE_SSL_ISSUER_ERROR,         CO_KIND_TLS,       true},
  {CURLE_USE_SSL_FAILED,           CO_KIND_TLS,       true},
  {CURLE_UNSUPPORTED_PROTOCOL,     CO_KIND_DECODE,    false}, /* not HTTP */
  {CURLE_URL_MALFORMAT,            CO_KIND_INVALID,   true},
  {CURLE_WRITE_ERROR,              CO_KIND_DECODE,    false},
  {CURLE_BAD_CONTENT_ENCODING,     CO_KIND_DECODE,    false},
  {CURLE_WEIRD_SERVER_REPLY,       CO_KIND_DECODE,    false},
  {CURLE_OUT_OF_MEMORY,            CO_KIND_MEMORY,    false}
};


const char *co_kind_name(co_kind kind) {
  return kind_names[kind];
}


const char *co_outcome_name(co_outcome outcome) {
  return outcome_names[outcome];
}


co_kind co_kind_of_status(long status) {
  size_t rows = sizeof status_rows / sizeof status_rows[0];
  for (size_t i = 0; i < rows; i++)
    if (status >= status_rows[i].from && status <= status_rows[i].to)
      return status_rows[i].kind;
  return CO_KIND_DECODE;
}


static const struct code_row *find_code(CURLcode code) {
  size_t rows = sizeof code_rows / sizeof code_rows[0];
  for (size_t i = 0; i < rows; i++)
    if (code_rows[i].code == code) return &code_rows[i];
  return NULL;
}


co_kind co_kind_of_code(CURLcode code) {
  const struct code_row *row = find_code(code);
  if (code == CURLE_OK) return CO_KIND_OK;
  return row == NULL ? CO_KIND_NETWORK : row->kind;
}


bool co_code_is_unsent(CURLcode code) {
  const struct code_row *row = find_code(code);
  return row != NULL && row->unsent;
}
