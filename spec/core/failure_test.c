/*
** src/core/failure.c: statuses and libcurl's codes as kinds.
*/
#include "core/failure.h"

#include "check.h"

static const struct status_row {
  long status;
  const char *kind;
} status_rows[] = {
  {200, "ok"},       {201, "ok"},       {204, "ok"},       {299, "ok"},
  {300, "redirect"}, {301, "redirect"}, {302, "redirect"}, {304, "redirect"},
  {307, "redirect"}, {308, "redirect"}, {399, "redirect"},
  {400, "invalid"},  {401, "auth"},     {403, "auth"},     {404, "missing"},
  {402, "rejected"}, {405, "rejected"}, {409, "rejected"}, {410, "rejected"},
  {413, "rejected"}, {422, "rejected"}, {451, "rejected"}, {499, "rejected"},
  {408, "timeout"},  {429, "throttled"},
  {500, "server"},   {501, "server"},   {502, "server"},   {503, "server"},
  {504, "server"},   {599, "server"},
  {0, "decode"},     {100, "decode"},   {103, "decode"},   {199, "decode"},
  {600, "decode"},   {999, "decode"},   {-1, "decode"}
};


static void test_statuses(void) {
  for (size_t i = 0; i < ROWS(status_rows); i++) {
    char row[24];
    snprintf(row, sizeof row, "%ld", status_rows[i].status);
    CHECK_ROW_TEXT(row, co_kind_name(co_kind_of_status(status_rows[i].status)),
                   status_rows[i].kind);
  }
}


static const struct code_row {
  CURLcode code;
  const char *kind;
  bool unsent;
} code_rows[] = {
  {CURLE_OK,                       "ok",      false},
  {CURLE_OPERATION_TIMEDOUT,       "timeout", false},
  {CURLE_COULDNT_RESOLVE_PROXY,    "network", true},
  {CURLE_COULDNT_RESOLVE_HOST,     "network", true},
  {CURLE_COULDNT_CONNECT,          "network", true},
  {CURLE_PROXY,                    "network", true},
  {CURLE_SEND_ERROR,               "network", false},
  {CURLE_RECV_ERROR,               "network", false},
  {CURLE_GOT_NOTHING,              "network", false},
  {CURLE_PARTIAL_FILE,             "network", false},
  {CURLE_HTTP2,                    "network", false},
  {CURLE_HTTP2_STREAM,             "network", false},
  {CURLE_SSL_CONNECT_ERROR,        "network", true},
  {CURLE_PEER_FAILED_VERIFICATION, "tls",     true},
  {CURLE_SSL_CERTPROBLEM,          "tls",     true},
  {CURLE_SSL_CACERT_BADFILE,       "tls",     true},
  {CURLE_UNSUPPORTED_PROTOCOL,     "decode", false},
  {CURLE_URL_MALFORMAT,            "invalid", true},
  {CURLE_WRITE_ERROR,              "decode",  false},
  {CURLE_BAD_CONTENT_ENCODING,     "decode",  false},
  {CURLE_WEIRD_SERVER_REPLY,       "decode",  false},
  {CURLE_OUT_OF_MEMORY,            "memory",  false}
};


static void test_codes(void) {
  for (size_t i = 0; i < ROWS(code_rows); i++) {
    const struct code_row *row = &code_rows[i];
    const char *name = curl_easy_strerror(row->code);
    CHECK_ROW_TEXT(name, co_kind_name(co_kind_of_code(row->code)), row->kind);
    CHECK_ROW(name, co_code_is_unsent(row->code) == row->unsent);
  }
}


/* A code of a libcurl to come is a failure, and may have been sent. */
static void test_every_code(void) {
  int ok = 0, decode_unsent = 0;
  for (int code = 0; code < 2 * CURL_LAST; code++) {
    co_kind kind = co_kind_of_code((CURLcode)code);
    ok += kind == CO_KIND_OK;
    decode_unsent +=
      kind == CO_KIND_DECODE && co_code_is_unsent((CURLcode)code);
  }
  CHECK(ok == 1);
  CHECK(decode_unsent == 0);
  CHECK_TEXT(co_kind_name(co_kind_of_code(CURL_LAST)), "network");
  CHECK(!co_code_is_unsent(CURL_LAST));
}


static void test_kind_names(void) {
  for (int kind = CO_KIND_OK; kind <= CO_KIND_MEMORY; kind++) {
    const char *name = co_kind_name((co_kind)kind);
    bool new = name != NULL && name[0] != '\0';
    for (int other = CO_KIND_OK; new && other < kind; other++)
      new = strcmp(name, co_kind_name((co_kind)other)) != 0;
    CHECK_ROW(name, new);
  }
}


static void test_outcome_names(void) {
  CHECK_TEXT(co_outcome_name(CO_OUTCOME_NOT_SENT), "not_sent");
  CHECK_TEXT(co_outcome_name(CO_OUTCOME_REJECTED), "rejected");
  CHECK_TEXT(co_outcome_name(CO_OUTCOME_UNKNOWN), "unknown");
}


int main(void) {
  test_statuses();
  test_codes();
  test_every_code();
  test_kind_names();
  test_outcome_names();
  return check_report();
}
