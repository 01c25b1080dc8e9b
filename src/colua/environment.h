/*
** Options of colua that the library reads from the environment.
*/
#ifndef COLUA_ENVIRONMENT_H
#define COLUA_ENVIRONMENT_H

#include "colua/options.h"

/* Sets the environment variables for the options, before any client is made.
** `arguments`: a script's, up to NULL; NULL for a command, which reads its
** own. */
void cl_environment_set(const struct cl_options *options, char **arguments);

#endif
