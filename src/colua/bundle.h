/*
** The table of the project's Lua files, compiled in. bundle.lua writes it at
** build time: build/bundle.c for colua, read by lbundle.c and the help text;
** build/module.c for libcodeocean, read by src/embed.
*/
#ifndef COLUA_BUNDLE_H
#define COLUA_BUNDLE_H

#include <stddef.h>

enum cl_bundle_kind {
  CL_BUNDLE_MODULE,     /* codeocean.*: wins over package.path */
  CL_BUNDLE_COMMAND,    /* scripts/NAME.lua: run by bare name */
  CL_BUNDLE_FALLBACK    /* a third-party library: used if none is installed */
};

struct cl_bundle_file {
  enum cl_bundle_kind kind;
  const char *name;     /* module or command name */
  const char *about;    /* one line for --help (commands), else "" */
  const char *code;     /* a precompiled chunk, debug information kept */
  size_t size;
};

/* Sorted by kind, then by name. */
extern const struct cl_bundle_file cl_bundle[];
extern const size_t cl_bundle_count;

/* The row of that kind and name, or NULL. */
const struct cl_bundle_file *cl_bundle_find(enum cl_bundle_kind kind,
                                            const char *name);

#endif
