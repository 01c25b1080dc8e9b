/*
** Options of colua that the library reads from the environment.
*/
#ifndef COLUA_ENVIRONMENT_H
#define COLUA_ENVIRONMENT_H

#include "colua/options.h"

/* Sets the environment variables for the options, before any client is made.
** `arguments` are those of a script, ending with NULL; or NULL for a command,
** which reads --dry-run itself. */
void cl_environment_set(const struct cl_options *options, char **arguments);

#endif
