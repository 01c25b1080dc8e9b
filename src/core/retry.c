/*
** The retry decision. It depends on the operation, not on the HTTP method;
** pauses have full jitter.
*/
#include "core/retry.h"

#include <math.h>
#include <stdint.h>
#include <string.h>


static const char digits[] = "0123456789";


static bool status_is_transient(long status) {
  return status == 408 || status == 429 || status == 500 || status == 502 ||
         status == 503 || status == 504 || (status >= 520 && status <= 530);
}


/* Whether a repeat may succeed. A proxy's status counts as the server's does:
** a 4xx (an unknown host, a wrong password) is final. */
static bool is_transient(const co_attempt *a) {
  if (a->proxy_final) return false;
  if (a->proxy_status != 0) return status_is_transient(a->proxy_status);
  if (a->status != 0 && a->code == CURLE_OK)
    return status_is_transient(a->status);
  return a->kind == CO_KIND_NETWORK || a->kind == CO_KIND_TIMEOUT;
}


bool co_attempt_is_push_back(const co_attempt *a) {
  return a->status == 429 ||
         (a->status == 503 && (a->by_gateway || a->retry_after >= 0));
}


/* Whether the server itself said that it did nothing. */
static bool was_turned_away(const co_attempt *a) {
  return a->status == 429 || (a->status == 503 && a->retry_after >= 0);
}


static bool may_repeat(const co_attempt *a) {
  if (!is_transient(a)) return false;
  return a->repeat == CO_REPEAT_ANY || a->unsent || was_turned_away(a);
}


bool co_attempt_is_free(const co_attempt *a) {
  bool gateway = a->status == 503 && a->by_gateway;
  bool refused = a->status == 429 || (gateway && a->repeat == CO_REPEAT_ANY);
  return refused && may_repeat(a);
}


double co_retry_pause(const co_attempt *attempt, const co_retry_policy *policy,
                      double left, double random) {
  if (attempt->spent > policy->retries || !may_repeat(attempt)) return -1;
  double top = policy->base * ldexp(1, attempt->spent - 1);
  double pause = random * fmin(top, policy->ceiling);
  if (attempt->retry_after >= 0) pause += attempt->retry_after;
  return pause < left ? pause : -1;
}


co_outcome co_attempt_outcome(const co_attempt *attempt) {
  if (attempt->unsent) return CO_OUTCOME_NOT_SENT;
  if (was_turned_away(attempt)) return CO_OUTCOME_REJECTED;
  bool whole = attempt->code == CURLE_OK && attempt->status != 0;
  bool answered = whole || attempt->status >= 400;
  if (!answered || attempt->kind == CO_KIND_OK) return CO_OUTCOME_UNKNOWN;
  bool vague = attempt->status >= 500 || attempt->status == 408;
  return vague ? CO_OUTCOME_UNKNOWN : CO_OUTCOME_REJECTED;
}


/* Reads "7" or "2.5"; returns -1 for anything else. strtod accepts more and
** depends on the host's locale. */
static double read_seconds(const char *text) {
  size_t whole = strspn(text, digits);
  const char *end = text + whole;
  double seconds = 0, part = 1;
  if (whole == 0) return -1;
  for (const char *c = text; c < end; c++) seconds = seconds * 10 + (*c - '0');
  if (*end == '.')
    for (end++; *end >= '0' && *end <= '9'; end++)
      seconds += (part /= 10) * (*end - '0');
  return end[strspn(end, " \t")] == '\0' ? seconds : -1;
}


double co_retry_after(const char *text, time_t now) {
  text += strspn(text, " \t");
  double seconds = read_seconds(text);
  if (seconds >= 0) return seconds <= INT64_MAX ? seconds : -1;
  if (*text == '-') return -1;
  time_t date = curl_getdate(text, NULL);
  if (date == (time_t)-1) return -1;
  return date > now ? (double)(date - now) : 0;
}
