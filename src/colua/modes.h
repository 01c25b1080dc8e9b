/*
** Options of colua that the library reads from the environment.
*/
#ifndef COLUA_MODES_H
#define COLUA_MODES_H

#include "colua/options.h"

/* Sets the variables that the options stand for, before any client is made.
** `arguments`: those of a script, up to NULL; or NULL where a command runs,
** which reads its own. */
void cl_modes_set(const struct co_options *options, char **arguments);

#endif
