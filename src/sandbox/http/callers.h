/*
** What the sandbox remembers of those who call: which release's spelling each
** of them speaks, and how many requests all of them have made of late. Used by
** request.c, in the server's thread.
*/
#ifndef SB_CALLERS_H
#define SB_CALLERS_H

#include "sandbox/estate/text.h"

#define SB_MAX_CALLERS 64

/* Zero is the state of a server that nobody has called. */
typedef struct sb_callers {
  struct { uint64_t agent; bool current; } list[SB_MAX_CALLERS];
  double allowance;   /* requests that may come now */
  double at;          /* when that was reckoned */
} sb_callers;

/* Whether the caller of that User-Agent spoke the current dialect last. */
bool sb_callers_is_current(const sb_callers *callers, const char *agent);
void sb_callers_note(sb_callers *callers, const char *agent, bool current);

/* Counts a request. False where it is one more than `rate` in a second. */
bool sb_callers_admit(sb_callers *callers, double rate);

#endif
