/*
** Ctrl-C. Every Lua thread that runs is known, the innermost first, so that a
** signal reaches a loop inside a coroutine as well as one outside.
*/
#ifndef COLUA_LINTERRUPT_H
#define COLUA_LINTERRUPT_H

#include <lua.h>

struct co_running {
  lua_State *L;
  struct co_running *outer;
};

enum co_interrupt_mode {
  CO_INTERRUPT_ONCE,      /* as lua5.4: a second SIGINT kills */
  CO_INTERRUPT_INSISTS    /* until nothing runs, whoever catches it */
};

/* Around a protected run of L. Signals raise "interrupted!" in between; the
   outermost end leaves SIGINT as cl_interrupt_rest wants it. */
void cl_interrupt_enter(struct co_running *frame, lua_State *L,
                        enum co_interrupt_mode mode);
void cl_interrupt_leave(const struct co_running *frame);

/* Around a resume of `co` from within such a run. */
void cl_interrupt_push(struct co_running *frame, lua_State *co);
void cl_interrupt_pop(const struct co_running *frame);

/* Nonzero when a signal came since the last enter. */
int cl_interrupt_seen(void);

/* While nothing runs: with `noted`, a SIGINT only ends cl_interrupt_wait;
** else it kills, as it does by default. */
void cl_interrupt_rest(int noted);

/* While nothing runs: waits until `fd` can be read. 0, or -1 when a SIGINT
   came, now or since cl_interrupt_forget; 1 for another signal. */
int cl_interrupt_wait(int fd);
void cl_interrupt_forget(void);

#endif
