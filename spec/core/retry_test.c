/*
** src/core/retry.c: when a failed attempt is repeated, and the outcome if it
** is not.
*/
#include "core/retry.h"

#include "check.h"

static const co_retry_policy policy = {.retries = 4, .base = 0.5,
                                       .ceiling = 20};

static const co_repeat ANY = CO_REPEAT_ANY, ONCE = CO_REPEAT_UNPROCESSED;


/* As the engine fills it in. */
static co_attempt attempt(co_repeat repeat, long status, CURLcode code,
                          bool unsent, double retry_after) {
  return (co_attempt){
    .number = 1, .spent = 1, .repeat = repeat, .code = code, .status = status,
    .kind = code == CURLE_OK ? co_kind_of_status(status)
                             : co_kind_of_code(code),
    .unsent = unsent || co_code_is_unsent(code), .retry_after = retry_after
  };
}


/* What is made again ------------------------------------------------------ */

/* `any`, `once`: whether an operation of that sort is repeated. */
static const struct answer_row {
  const char *what;
  long status;
  CURLcode code;
  bool unsent;
  double retry_after;
  bool any, once;
  co_outcome outcome;
} answer_rows[] = {
  {"400", 400, CURLE_OK, false, -1, false, false, CO_OUTCOME_REJECTED},
  {"401", 401, CURLE_OK, false, -1, false, false, CO_OUTCOME_REJECTED},
  {"403", 403, CURLE_OK, false, -1, false, false, CO_OUTCOME_REJECTED},
  {"404", 404, CURLE_OK, false, -1, false, false, CO_OUTCOME_REJECTED},
  {"409", 409, CURLE_OK, false, -1, false, false, CO_OUTCOME_REJECTED},
  {"302", 302, CURLE_OK, false, -1, false, false, CO_OUTCOME_REJECTED},
  {"408", 408, CURLE_OK, false, -1, true, false, CO_OUTCOME_UNKNOWN},
  {"408 with a pause", 408, CURLE_OK, false, 1, true, false,
   CO_OUTCOME_UNKNOWN},
  {"429", 429, CURLE_OK, false, -1, true, true, CO_OUTCOME_REJECTED},
  {"429 with a pause", 429, CURLE_OK, false, 1, true, true,
   CO_OUTCOME_REJECTED},
  {"500", 500, CURLE_OK, false, -1, true, false, CO_OUTCOME_UNKNOWN},
  {"500 with a pause", 500, CURLE_OK, false, 1, true, false,
   CO_OUTCOME_UNKNOWN},
  {"501", 501, CURLE_OK, false, -1, false, false, CO_OUTCOME_UNKNOWN},
  {"502", 502, CURLE_OK, false, -1, true, false, CO_OUTCOME_UNKNOWN},
  {"503", 503, CURLE_OK, false, -1, true, false, CO_OUTCOME_UNKNOWN},
  {"503 with a pause", 503, CURLE_OK, false, 1, true, true,
   CO_OUTCOME_REJECTED},
  {"503 with no pause", 503, CURLE_OK, false, 0, true, true,
   CO_OUTCOME_REJECTED},
  {"520", 520, CURLE_OK, false, -1, true, false, CO_OUTCOME_UNKNOWN},
  {"530", 530, CURLE_OK, false, -1, true, false, CO_OUTCOME_UNKNOWN},
  {"531", 531, CURLE_OK, false, -1, false, false, CO_OUTCOME_UNKNOWN},
  {"504", 504, CURLE_OK, false, -1, true, false, CO_OUTCOME_UNKNOWN},
  {"507", 507, CURLE_OK, false, -1, false, false, CO_OUTCOME_UNKNOWN},
  {"no such host", 0, CURLE_COULDNT_RESOLVE_HOST, true, -1, true, true,
   CO_OUTCOME_NOT_SENT},
  {"no connection", 0, CURLE_COULDNT_CONNECT, true, -1, true, true,
   CO_OUTCOME_NOT_SENT},
  {"no handshake", 0, CURLE_SSL_CONNECT_ERROR, true, -1, true, true,
   CO_OUTCOME_NOT_SENT},
  {"a false certificate", 0, CURLE_PEER_FAILED_VERIFICATION, true, -1, false,
   false, CO_OUTCOME_NOT_SENT},
  {"time out while connecting", 0, CURLE_OPERATION_TIMEDOUT, true, -1, true,
   true, CO_OUTCOME_NOT_SENT},
  {"time out while waiting", 0, CURLE_OPERATION_TIMEDOUT, false, -1, true,
   false, CO_OUTCOME_UNKNOWN},
  {"reset while sending", 0, CURLE_SEND_ERROR, false, -1, true, false,
   CO_OUTCOME_UNKNOWN},
  {"reset while waiting", 0, CURLE_RECV_ERROR, false, -1, true, false,
   CO_OUTCOME_UNKNOWN},
  {"closed without a word", 0, CURLE_GOT_NOTHING, false, -1, true, false,
   CO_OUTCOME_UNKNOWN},
  {"200 cut short", 200, CURLE_PARTIAL_FILE, false, -1, true, false,
   CO_OUTCOME_UNKNOWN},
  {"200, then a time out", 200, CURLE_OPERATION_TIMEDOUT, false, -1, true,
   false, CO_OUTCOME_UNKNOWN},
  {"429 cut short", 429, CURLE_PARTIAL_FILE, false, -1, true, true,
   CO_OUTCOME_REJECTED},
  {"503 with a pause, cut short", 503, CURLE_PARTIAL_FILE, false, 2, true,
   true, CO_OUTCOME_REJECTED},
  {"too long an answer", 200, CURLE_WRITE_ERROR, false, -1, false, false,
   CO_OUTCOME_UNKNOWN},
  {"no HTTP", 0, CURLE_WEIRD_SERVER_REPLY, false, -1, false, false,
   CO_OUTCOME_UNKNOWN},
  {"no memory", 0, CURLE_OUT_OF_MEMORY, false, -1, false, false,
   CO_OUTCOME_UNKNOWN},
  {"404, then no memory", 404, CURLE_OUT_OF_MEMORY, false, -1, false, false,
   CO_OUTCOME_REJECTED},
  {"429, then no memory", 429, CURLE_OUT_OF_MEMORY, false, -1, false, false,
   CO_OUTCOME_REJECTED},
  {"503, then no memory", 503, CURLE_OUT_OF_MEMORY, false, -1, false, false,
   CO_OUTCOME_UNKNOWN},
  {"200", 200, CURLE_OK, false, -1, false, false, CO_OUTCOME_UNKNOWN},
  {"204 with a pause", 204, CURLE_OK, false, 3, false, false,
   CO_OUTCOME_UNKNOWN}
};


static bool is_repeated(const struct answer_row *row, co_repeat repeat) {
  co_attempt a = attempt(repeat, row->status, row->code, row->unsent,
                         row->retry_after);
  return co_retry_pause(&a, &policy, 100, 0.5) >= 0;
}


static void test_answers(void) {
  for (size_t i = 0; i < ROWS(answer_rows); i++) {
    const struct answer_row *row = &answer_rows[i];
    co_attempt a = attempt(ANY, row->status, row->code, row->unsent,
                           row->retry_after);
    CHECK_ROW(row->what, is_repeated(row, ANY) == row->any);
    CHECK_ROW(row->what, is_repeated(row, ONCE) == row->once);
    CHECK_ROW_TEXT(row->what, co_outcome_name(co_attempt_outcome(&a)),
                   co_outcome_name(row->outcome));
  }
}


/* How long it waits ------------------------------------------------------- */

static const struct pause_row {
  const char *what;
  int number;
  double retry_after, left, random, pause;
} pause_rows[] = {
  {"first, no luck", 1, -1, 100, 0, 0},
  {"first", 1, -1, 100, 0.5, 0.25},
  {"second", 2, -1, 100, 0.5, 0.5},
  {"third", 3, -1, 100, 0.5, 1},
  {"the last repeat", 4, -1, 100, 0.999, 3.996},
  {"no repeat is left", 5, -1, 100, 0, -1},
  {"far behind the last", 2000000000, -1, 100, 0, -1},
  {"just in time", 1, -1, 0.2501, 0.5, 0.25},
  {"just too late", 1, -1, 0.25, 0.5, -1},
  {"the deadline is now", 1, -1, 0, 0, -1},
  {"the deadline has passed", 1, -1, -1, 0, -1},
  {"the server's pause is a floor", 1, 7, 100, 0, 7},
  {"jitter lies on top of it", 1, 7, 100, 0.5, 7.25},
  {"at once, says the server", 1, 0, 100, 0.5, 0.25},
  {"its pause beyond the deadline", 1, 100, 100, 0, -1},
  {"its pause far beyond it", 1, 1e9, 100, 0, -1},
  {"it does not grow with attempts", 3, 7, 100, 0, 7}
};


static void test_pauses(void) {
  for (size_t i = 0; i < ROWS(pause_rows); i++) {
    const struct pause_row *row = &pause_rows[i];
    co_attempt a = attempt(ANY, 503, CURLE_OK, false, row->retry_after);
    a.number = a.spent = row->number;
    CHECK_ROW_NEAR(row->what,
                   co_retry_pause(&a, &policy, row->left, row->random),
                   row->pause);
  }
}


static void test_ceiling(void) {
  const co_retry_policy patient = {.retries = 5000, .base = 0.5,
                                   .ceiling = 20};
  co_attempt a = attempt(ANY, 500, CURLE_OK, false, -1);
  double last = 0;
  bool grows = true;
  for (a.spent = 6; a.spent <= 5000; a.spent++) {
    double pause = co_retry_pause(&a, &patient, 1000, 0.75);
    grows = grows && pause >= last && pause <= 15;
    last = pause;
  }
  CHECK(grows);
  CHECK_NEAR(last, 15);
}


static void test_no_retries(void) {
  const co_retry_policy none = {.retries = 0, .base = 0.5, .ceiling = 20};
  co_attempt a = attempt(ANY, 429, CURLE_OK, false, 0);
  CHECK(co_retry_pause(&a, &none, 100, 0) < 0);
}


/* What holds for whatever a server and a network can do ------------------- */

/* The first law that the attempt's treatment breaks, or NULL. */
static const char *broken_law(const co_attempt *any, double left,
                              double random) {
  co_attempt once = *any;
  once.repeat = ONCE;
  double pause = co_retry_pause(any, &policy, left, random);
  bool again = co_retry_pause(&once, &policy, left, random) >= 0;
  co_outcome outcome = co_attempt_outcome(any);
  if (outcome != co_attempt_outcome(&once))
    return "the outcome does not depend on the operation";
  if (pause >= 0 && any->kind == CO_KIND_OK) return "a success is the end";
  if (pause >= 0 && pause >= left) return "the deadline bounds every pause";
  if (pause >= 0 && pause < any->retry_after)
    return "no pause is shorter than the server's";
  if (again && pause < 0) return "what a create may repeat, all may";
  if (again && outcome == CO_OUTCOME_UNKNOWN)
    return "a create is repeated only if it surely was not done";
  return NULL;
}


static const char *broken_law_of(long status, CURLcode code) {
  static const double after[] = {-1, 0, 3, 1e9}, left[] = {-1, 0, 2, 1e6};
  for (size_t i = 0; i < 2 * ROWS(after) * ROWS(left); i++) {
    bool unsent = i % 2 == 1 && code != CURLE_OK;
    double pause = after[i / 2 % ROWS(after)];
    co_attempt a = attempt(ANY, status, code, unsent, pause);
    for (int luck = 0; luck < 5; luck++) {
      const char *law = broken_law(&a, left[i / 2 / ROWS(after)],
                                   luck * 0.2499);
      if (law != NULL) return law;
    }
  }
  return NULL;
}


/* One check for a status, whatever libcurl says beside it. */
static void test_laws(void) {
  static const long statuses[] = {
    0, 100, 103, 200, 204, 206, 301, 304, 400, 401, 403, 404, 408, 409, 413,
    425, 429, 451, 499, 500, 501, 502, 503, 504, 507, 520, 599, 600, 999
  };
  for (size_t i = 0; i < ROWS(statuses); i++) {
    const char *law = NULL;
    char row[40];
    int code = 0;
    for (; law == NULL && code < CURL_LAST; code++)
      law = broken_law_of(statuses[i], (CURLcode)code);
    snprintf(row, sizeof row, "status %ld, code %d", statuses[i], code - 1);
    CHECK_ROW_TEXT(row, law, NULL);
  }
}


/* Retry-After ------------------------------------------------------------- */

/* Wed, 21 Oct 2015 07:28:00 GMT */
static const time_t noon = 1445412480;

static const struct after_row {
  const char *text;
  double seconds;
} after_rows[] = {
  {"0", 0},
  {"1", 1},
  {"120", 120},
  {" 5 ", 5},
  {"\t7\t", 7},
  {"007", 7},
  {"2.5", 2.5},
  {"0.25 ", 0.25},
  {".5", -1},
  {"1.5.2", -1},
  {"1,5", -1},
  {"1000000000", 1e9},
  {"20151021", 20151021},
  {"1000000000000000000000000000000", -1},
  {"-1", -1},
  {"-20151022", -1},
  {"-1000000000000000000000000000000", -1},
  {"1e3", -1},
  {"0x10", -1},
  {"5s", -1},
  {"10 apples", -1},
  {"", -1},
  {" ", -1},
  {"soon", -1},
  {"never, ever", -1},
  {"%s%n", -1},
  {"\xFF\xFE", -1},
  {"Wed, 21 Oct 2015 07:30:00 GMT", 120},
  {"Wed, 21 Oct 2015 07:28:01 GMT", 1},
  {"Wed, 21 Oct 2015 07:28:00 GMT", 0},
  {"Wed, 21 Oct 2015 07:27:59 GMT", 0},
  {"Fri, 31 Dec 1999 23:59:59 GMT", 0},
  {"Thu, 20 Oct 2016 07:28:00 GMT", 365 * 86400.0},
  {"Wednesday, 21-Oct-15 07:30:00 GMT", 120},
  {"Wed Oct 21 07:30:00 2015", 120},
  {"Wed, 99 Foo 2015 07:30:00 GMT", -1}
};


static void test_after(void) {
  for (size_t i = 0; i < ROWS(after_rows); i++)
    CHECK_ROW_NEAR(after_rows[i].text,
                   co_retry_after(after_rows[i].text, noon),
                   after_rows[i].seconds);
}


/* A proxy that refuses to connect will again; its own failures pass. */
static void test_proxy(void) {
  static const struct { long status; bool repeated; } rows[] = {
    {401, false}, {403, false}, {407, false}, {499, false}, {501, false},
    {408, true}, {429, true}, {500, true}, {502, true}, {503, true}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    co_attempt a = attempt(ONCE, 0, CURLE_RECV_ERROR, true, -1);
    a.proxy_status = rows[i].status;
    bool repeated = co_retry_pause(&a, &policy, 100, 0.5) >= 0;
    CHECK(repeated == rows[i].repeated);
    CHECK(co_attempt_outcome(&a) == CO_OUTCOME_NOT_SENT);
  }
  co_attempt socks = attempt(ONCE, 0, CURLE_PROXY, true, -1);
  CHECK(co_retry_pause(&socks, &policy, 100, 0.5) >= 0);
  socks.proxy_final = true;
  CHECK(co_retry_pause(&socks, &policy, 100, 0.5) < 0);
}


/* Whose refusals everybody heeds, and which cost no attempt. */
static void test_push_back(void) {
  static const struct {
    long status;
    CURLcode code;
    bool by_gateway;
    double retry_after;
    co_repeat repeat;
    bool pushes, costs_nothing;
  } rows[] = {
    {429, CURLE_OK, false, -1, CO_REPEAT_ANY, true, true},
    {429, CURLE_OK, false, -1, CO_REPEAT_UNPROCESSED, true, true},
    {503, CURLE_OK, true, -1, CO_REPEAT_ANY, true, true},
    {503, CURLE_OK, true, -1, CO_REPEAT_UNPROCESSED, true, false},
    {503, CURLE_OK, true, 1, CO_REPEAT_UNPROCESSED, true, false},
    {503, CURLE_OK, false, -1, CO_REPEAT_ANY, false, false},
    {503, CURLE_OK, false, 1, CO_REPEAT_ANY, true, false},
    {502, CURLE_OK, true, -1, CO_REPEAT_ANY, false, false},
    {200, CURLE_OK, true, -1, CO_REPEAT_ANY, false, false},
    {429, CURLE_OUT_OF_MEMORY, false, -1, CO_REPEAT_ANY, true, false},
    {503, CURLE_OUT_OF_MEMORY, true, -1, CO_REPEAT_ANY, true, false}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    co_attempt a = attempt(rows[i].repeat, rows[i].status, rows[i].code,
                           false, rows[i].retry_after);
    a.by_gateway = rows[i].by_gateway;
    CHECK(co_attempt_is_push_back(&a) == rows[i].pushes);
    CHECK(co_attempt_is_free(&a) == rows[i].costs_nothing);
  }
}


int main(void) {
  test_answers();
  test_pauses();
  test_ceiling();
  test_no_retries();
  test_laws();
  test_after();
  test_proxy();
  test_push_back();
  return check_report();
}
