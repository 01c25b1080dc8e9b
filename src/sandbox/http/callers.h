/*
** The callers of the sandbox: the dialect that each of them used last, and the
** rate of requests of all of them together. Used by request.c, in the server's
** thread.
*/
#ifndef SB_CALLERS_H
#define SB_CALLERS_H

#include "sandbox/text.h"

#define SB_MAX_CALLERS 64

/* Must be zero at first. */
typedef struct sb_callers {
  struct { uint64_t agent; bool current; } list[SB_MAX_CALLERS];
  double allowance;   /* requests that may come now */
  double at;          /* when that was computed */
} sb_callers;

/* Whether the caller with that User-Agent last used the current dialect. */
bool sb_callers_is_current(const sb_callers *callers, const char *agent);
/* Stores which dialect the caller with that User-Agent used last. */
void sb_callers_set(sb_callers *callers, const char *agent, bool current);

/* Counts a request. False if it exceeds `rate` requests a second. */
bool sb_callers_admit(sb_callers *callers, double rate);

#endif
