/*
** The command line: the options of lua5.4 and a few of our own. Plain C;
** colua.c acts on the result.
*/
#ifndef COLUA_OPTIONS_H
#define COLUA_OPTIONS_H

#include <stddef.h>
#include <stdio.h>

enum cl_option {
  CL_EXECUTE = 1 << 0,      /* -e */
  CL_REQUIRE = 1 << 1,      /* -l */
  CL_INTERACTIVE = 1 << 2,  /* -i */
  CL_LUA_VERSION = 1 << 3,  /* -v, and -i */
  CL_NO_ENV = 1 << 4,       /* -E */
  CL_WARN = 1 << 5,         /* -W */
  CL_SANDBOX = 1 << 6,
  CL_DRY_RUN = 1 << 7,
  CL_TRACE = 1 << 8,
  CL_HELP = 1 << 9,
  CL_VERSION = 1 << 10,
  CL_PROFILE = 1 << 11,
  CL_CA_FILE = 1 << 12
};

struct cl_options {
  unsigned flags;
  int script;           /* index of the script's name; argc if there is none */
  const char *sandbox;  /* the FILE of --sandbox=FILE, or NULL */
  const char *ca_file;  /* the FILE of --ca-file, or NULL */
  const char *profile;  /* the NAME of --profile, or NULL */
  const char *bad;      /* the argument that was refused, or NULL */
  int lacks_value;      /* `bad` lacks its value; 0: it is no option */
};

/* Reads argv up to the script's name. Nonzero: `bad` is set. */
int cl_options_read(struct cl_options *options, char **argv);

/* Returns the flag of the next -e, -l or -W at or after *i, before `last`, with
   its text in *value; 0 if there is none. For acting on them in order. */
unsigned cl_options_next(char **argv, int last, int *i, const char **value);

/* The name of the option at `row`, counted from 0; NULL behind the last. */
const char *cl_options_name(size_t row);

/* Whether the word is the name of a sandbox's file (FILE.db), which stands
   behind --sandbox= and is no script. */
int cl_options_is_database(const char *word);

/* Prints what was wrong. */
void cl_options_complain(const struct cl_options *options,
                         const char *program);
void cl_options_help(FILE *out, const char *program);

#endif
