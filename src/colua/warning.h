/*
** Where warn() goes: standard error, once it is switched on.
*/
#ifndef WARNING_H
#define WARNING_H

#include <stdbool.h>

typedef struct co_warning {
  bool on;
  bool inside;   /* what comes next belongs to the same warning */
} co_warning;

/* A lua_WarnFunction; the warning is zero at first. */
void cl_warn(void *warning, const char *text, int more);

#endif
