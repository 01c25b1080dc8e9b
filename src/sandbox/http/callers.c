/*
** Remembers callers by their User-Agent, and counts requests. No locks: only
** the server's thread calls this.
*/
#include "sandbox/http/callers.h"


/* The place of an agent in the list follows from its hash. Two agents with one
** place replace each other, which does no harm: clients read answers in either
** spelling. */
static uint64_t hash(const char *agent) {
  uint64_t value = 1;
  for (const char *c = agent; c && *c; c++)
    value = sb_mix(value ^ (unsigned char)*c);
  return value;
}


bool sb_callers_is_current(const sb_callers *callers, const char *agent) {
  uint64_t name = hash(agent);
  size_t place = name % SB_MAX_CALLERS;
  return callers->list[place].agent == name && callers->list[place].current;
}


void sb_callers_set(sb_callers *callers, const char *agent, bool current) {
  uint64_t name = hash(agent);
  size_t place = name % SB_MAX_CALLERS;
  callers->list[place].agent = name;
  callers->list[place].current = current;
}


/* A token bucket that fills at `rate` and holds one second's worth. */
bool sb_callers_admit(sb_callers *callers, double rate) {
  double now = sb_monotonic(), most = rate > 1 ? rate : 1;
  callers->allowance += (now - callers->at) * rate;
  if (callers->allowance > most || callers->at <= 0) callers->allowance = most;
  callers->at = now;
  if (callers->allowance < 1) return false;
  callers->allowance -= 1;
  return true;
}
