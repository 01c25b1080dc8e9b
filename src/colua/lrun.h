/*
** Runs Lua chunks as lua5.4 does: traceback, report on stderr, Ctrl-C.
*/
#ifndef COLUA_LRUN_H
#define COLUA_LRUN_H

#include <lua.h>

/* Sets the name that begins each error line; NULL: no name, as at a prompt. */
void cl_run_set_program(const char *name);

/* Writes the program's name and `message` on stderr. */
void cl_run_complain(const char *message);

/* lua_pcall with a traceback. SIGINT raises "interrupted!" in the chunk and
   restores the default handler, so a second SIGINT kills. */
int cl_run_call(lua_State *L, int arguments, int results);

/* Nonzero if a SIGINT interrupted the last cl_run_call. */
int cl_run_was_interrupted(void);

/* Pops and prints the error if `status` is one; returns `status`. */
int cl_run_report(lua_State *L, int status);

/* The same for a script, and prints the hint that colua.advice has for the
   error, if any. */
int cl_run_report_script(lua_State *L, int status);

/* Runs the function that a load function pushed if its `status` is LUA_OK;
   reports an error. */
int cl_run_chunk(lua_State *L, int status);

#endif
