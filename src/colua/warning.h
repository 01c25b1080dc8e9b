/*
** The output of warn(): lines on standard error while warnings are on.
*/
#ifndef WARNING_H
#define WARNING_H

#include <stdbool.h>

typedef struct cl_warning {
  bool on;
  bool inside;   /* the next text belongs to the same warning */
} cl_warning;

/* A lua_WarnFunction. The warning must be zero at first. */
void cl_warn(void *warning, const char *text, int more);

#endif
