/*
** Ctrl-C (SIGINT). A list has every Lua thread that runs, the innermost first,
** so that the signal also reaches a loop inside a coroutine.
*/
#ifndef COLUA_LINTERRUPT_H
#define COLUA_LINTERRUPT_H

#include <lua.h>

struct cl_running {
  lua_State *L;
  struct cl_running *outer;
};

enum cl_interrupt_mode {
  CL_INTERRUPT_ONCE,      /* as lua5.4: a second SIGINT kills */
  CL_INTERRUPT_INSISTS    /* raises again until the run ends */
};

/* Called before and after a protected run of L. A signal in between raises
   "interrupted!". The outermost leave restores SIGINT as set by
   cl_interrupt_rest. */
void cl_interrupt_enter(struct cl_running *frame, lua_State *L,
                        enum cl_interrupt_mode mode);
void cl_interrupt_leave(const struct cl_running *frame);

/* Called before and after a resume of `co` within such a run. */
void cl_interrupt_push(struct cl_running *frame, lua_State *co);
void cl_interrupt_pop(const struct cl_running *frame);

/* Nonzero, once, if a signal came since the last enter. */
int cl_interrupt_seen(void);

/* Sets SIGINT for the time when nothing runs: if `noted`, it only ends
** cl_interrupt_wait; else it kills, as by default. */
void cl_interrupt_rest(int noted);

/* While nothing runs: waits until `fd` can be read. 0; -1 if a SIGINT came, now
   or since cl_interrupt_forget; 1 for another signal. */
int cl_interrupt_wait(int fd);
void cl_interrupt_forget(void);

#endif
