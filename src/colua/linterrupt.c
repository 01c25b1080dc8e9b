/*
** Handles SIGINT. The handler sets a hook in every thread that runs; the VM
** calls the hook where it can raise an error. Code may catch that error and go
** on. In mode CL_INTERRUPT_INSISTS a timer then repeats the signal, and every
** hook raises until the run is over.
**
** A thread is in the list only while C code on the stack runs it, which also
** keeps it alive: no finalizer can free a listed thread.
*/
#include "colua/linterrupt.h"

#include <lauxlib.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

/* GRACE_MS: time for code to close and clean up after the first error. */
enum { GRACE_MS = 50, REPEAT_MS = 20 };

static struct cl_running *volatile innermost;
static enum cl_interrupt_mode current_mode;
static volatile sig_atomic_t seen, insisting, noted_one, resting_noted;
static timer_t repeat_timer;
static int has_timer;


static void handle(int number, void (*handler)(int)) {
  struct sigaction action = {0};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);   /* no SA_RESTART: waits end */
}


/* Starts the repetition of the signal; 0, 0 stops it. A signal that is not
** repeated may come just before a wait begins, and be missed. */
static void set_repeat(int grace_ms, int ms) {
  struct itimerspec spec = {0};
  if (!has_timer) return;
  spec.it_value.tv_nsec = grace_ms * 1000000L;
  spec.it_interval.tv_nsec = ms * 1000000L;
  timer_settime(repeat_timer, 0, &spec, NULL);
}


/* Whether a close function runs: an error would keep it from releasing what it
** has. */
static int is_closing(lua_State *L) {
  lua_Debug at;
  for (int level = 0; lua_getstack(L, level, &at); level++)
    if (lua_getinfo(L, "n", &at) && at.name != NULL &&
        strcmp(at.name, "close") == 0 && strcmp(at.namewhat, "metamethod") == 0)
      return 1;
  return 0;
}


/* A close function is interrupted only once the signal insists: it may be a
** user's, and never end. */
static void hook(lua_State *L, lua_Debug *ar) {
  (void)ar;
  if (seen && !insisting && is_closing(L)) return;
  if (!insisting || !seen) lua_sethook(L, NULL, 0, 0);
  if (seen) luaL_error(L, "interrupted!");
}


static void hook_all(void) {
  const int always = LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT;
  for (struct cl_running *at = innermost; at != NULL; at = at->outer)
    lua_sethook(at->L, hook, always, 1);
}


static void on_interrupt(int number) {
  noted_one = 1;
  if (innermost == NULL) return;
  seen = 1;
  if (current_mode == CL_INTERRUPT_ONCE)
    handle(number, SIG_DFL);
  else
    set_repeat(GRACE_MS, REPEAT_MS);
  hook_all();
}


static void on_repeat(int number) {
  (void)number;
  insisting = seen;
  if (seen) hook_all();
}


/* Makes the timer when a run first needs it. */
static void prepare_repeat(void) {
  struct sigevent event = {0};
  if (has_timer) return;
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGALRM;
  has_timer = timer_create(CLOCK_MONOTONIC, &event, &repeat_timer) == 0;
  handle(SIGALRM, on_repeat);
}


void cl_interrupt_push(struct cl_running *frame, lua_State *co) {
  frame->L = co;
  frame->outer = innermost;
  innermost = frame;
}


void cl_interrupt_pop(const struct cl_running *frame) {
  innermost = frame->outer;
}


void cl_interrupt_enter(struct cl_running *frame, lua_State *L,
                        enum cl_interrupt_mode mode) {
  if (mode == CL_INTERRUPT_INSISTS) prepare_repeat();
  seen = insisting = 0;
  current_mode = mode;
  cl_interrupt_push(frame, L);
  handle(SIGINT, on_interrupt);
}


/* Removes the hook of the thread that ran, so that it does not fire later. */
void cl_interrupt_leave(const struct cl_running *frame) {
  cl_interrupt_pop(frame);
  if (current_mode == CL_INTERRUPT_INSISTS) set_repeat(0, 0);
  if (lua_gethook(frame->L) == hook) lua_sethook(frame->L, NULL, 0, 0);
  if (innermost == NULL) cl_interrupt_rest(resting_noted);
}


int cl_interrupt_seen(void) {
  int was_seen = seen;
  seen = 0;
  return was_seen;
}


void cl_interrupt_rest(int noted) {
  resting_noted = noted;
  handle(SIGINT, noted ? on_interrupt : SIG_DFL);
}


void cl_interrupt_forget(void) {
  noted_one = 0;
}


/* Blocks SIGINT while it tests the flag, so that none comes between test and
   wait. SIGWINCH comes only during the wait: see terminal.h. */
int cl_interrupt_wait(int fd) {
  struct pollfd ready = {.fd = fd, .events = POLLIN};
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  sigset_t waiting = before;
  sigdelset(&waiting, SIGWINCH);
  int count = noted_one ? 0 : ppoll(&ready, 1, NULL, &waiting);
  int interrupted = noted_one;
  noted_one = 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return interrupted ? -1 : count > 0 ? 0 : 1;
}
