/*
** Runs Lua chunks as lua5.4 does: traceback, report on stderr, Ctrl-C.
*/
#ifndef COLUA_LRUN_H
#define COLUA_LRUN_H

#include <lua.h>

/* The name that opens an error's line; NULL: none, as at a prompt. */
void cl_run_set_program(const char *name);

/* Writes `message` on stderr behind the program's name. */
void cl_run_complain(const char *message);

/* lua_pcall with a traceback; SIGINT raises "interrupted!" in the chunk. A
   second SIGINT kills, as the handler is the default one by then. */
int cl_run_call(lua_State *L, int arguments, int results);

/* Nonzero when a SIGINT cut the last cl_run_call. */
int cl_run_was_interrupted(void);

/* Pops and prints the error when `status` is one; returns `status`. */
int cl_run_report(lua_State *L, int status);

/* Runs what a load function pushed, if `status` says that it did; reports. */
int cl_run_chunk(lua_State *L, int status);

#endif
