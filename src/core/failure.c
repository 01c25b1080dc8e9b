/*
** Rows that turn HTTP statuses and libcurl's codes into kinds.
*/
#include "core/failure.h"

#include <stddef.h>

static const char *const kind_names[] = {
  [CO_OK] = "ok",               [CO_INVALID] = "invalid",
  [CO_AUTH] = "auth",           [CO_MISSING] = "missing",
  [CO_REJECTED] = "rejected",   [CO_THROTTLED] = "throttled",
  [CO_SERVER] = "server",       [CO_REDIRECT] = "redirect",
  [CO_NETWORK] = "network",     [CO_TIMEOUT] = "timeout",
  [CO_TLS] = "tls",             [CO_DECODE] = "decode",
  [CO_CANCELLED] = "cancelled", [CO_CLOSED] = "closed",
  [CO_DRY_RUN] = "dry_run",     [CO_MEMORY] = "memory"
};

static const char *const outcome_names[] = {
  [CO_NOT_SENT] = "not_sent",
  [CO_REFUSED] = "rejected",
  [CO_UNKNOWN] = "unknown"
};

/* The first row that holds the status wins. */
static const struct status_row {
  long from, to;
  co_kind kind;
} status_rows[] = {
  {200, 299, CO_OK},
  {300, 399, CO_REDIRECT},
  {400, 400, CO_INVALID},
  {401, 401, CO_AUTH},
  {403, 403, CO_AUTH},
  {404, 404, CO_MISSING},
  {408, 408, CO_TIMEOUT},
  {429, 429, CO_THROTTLED},
  {400, 499, CO_REJECTED},
  {500, 599, CO_SERVER}
};

/* `unsent`: no server has read the request by then. */
static const struct code_row {
  CURLcode code;
  co_kind kind;
  bool unsent;
} code_rows[] = {
  {CURLE_OPERATION_TIMEDOUT,       CO_TIMEOUT,   false},
  {CURLE_COULDNT_RESOLVE_PROXY,    CO_NETWORK,   true},
  {CURLE_COULDNT_RESOLVE_HOST,     CO_NETWORK,   true},
  {CURLE_COULDNT_CONNECT,          CO_NETWORK,   true},
  {CURLE_PROXY,                    CO_NETWORK,   true},
  {CURLE_SSL_CONNECT_ERROR,        CO_NETWORK,   true},
  {CURLE_PEER_FAILED_VERIFICATION, CO_TLS,       true},
  {CURLE_SSL_CERTPROBLEM,          CO_TLS,       true},
  {CURLE_SSL_CIPHER,               CO_TLS,       true},
  {CURLE_SSL_CACERT_BADFILE,       CO_TLS,       true},
  {CURLE_SSL_ISSUER_ERROR,         CO_TLS,       true},
  {CURLE_USE_SSL_FAILED,           CO_TLS,       true},
  {CURLE_UNSUPPORTED_PROTOCOL,     CO_DECODE,    false}, /* no HTTP came */
  {CURLE_URL_MALFORMAT,            CO_INVALID,   true},
  {CURLE_WRITE_ERROR,              CO_DECODE,    false},
  {CURLE_BAD_CONTENT_ENCODING,     CO_DECODE,    false},
  {CURLE_WEIRD_SERVER_REPLY,       CO_DECODE,    false},
  {CURLE_OUT_OF_MEMORY,            CO_MEMORY,    false}
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
  return CO_DECODE;
}


static const struct code_row *find_code(CURLcode code) {
  size_t rows = sizeof code_rows / sizeof code_rows[0];
  for (size_t i = 0; i < rows; i++)
    if (code_rows[i].code == code) return &code_rows[i];
  return NULL;
}


co_kind co_kind_of_code(CURLcode code) {
  const struct code_row *row = find_code(code);
  if (code == CURLE_OK) return CO_OK;
  return row == NULL ? CO_NETWORK : row->kind;
}


bool co_code_is_unsent(CURLcode code) {
  const struct code_row *row = find_code(code);
  return row != NULL && row->unsent;
}
