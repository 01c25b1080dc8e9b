/*
** Passes colua's options to the library, as environment variables. Called once,
** by colua.c.
*/
#include "colua/environment.h"

#include <stdlib.h>
#include <string.h>


/* Removes the environment's domain and token: a profile has its own. */
static void set_profile(const char *name) {
  setenv("CODEOCEAN_PROFILE", name, 1);
  unsetenv("CODEOCEAN_DOMAIN");
  unsetenv("CODEOCEAN_TOKEN");
}


/* Whether --dry-run stands before the script's name or behind it: either way
** the user wants nothing written. */
static int wants_dry_run(const struct cl_options *options, char **arguments) {
  if (options->flags & CL_DRY_RUN) return 1;
  for (; arguments != NULL && *arguments != NULL; arguments++)
    if (strcmp(*arguments, "--dry-run") == 0) return 1;
  return 0;
}


void cl_environment_set(const struct cl_options *options, char **arguments) {
  if (options->profile != NULL) set_profile(options->profile);
  if (options->ca_file != NULL)
    setenv("CODEOCEAN_CA_FILE", options->ca_file, 1);
  if (wants_dry_run(options, arguments))
    setenv("CODEOCEAN_DRY_RUN", "1", 1);
  if (options->flags & CL_TRACE) setenv("CODEOCEAN_TRACE", "1", 1);
}
