/*
** Prints warnings as stock Lua does, which does not export its own function.
** cl_warn calls no Lua and keeps no pointer to the text.
*/
#include "colua/warning.h"

#include <stdio.h>
#include <string.h>


void cl_warn(void *data, const char *text, int more) {
  cl_warning *warning = data;
  bool order = !warning->inside && !more && text[0] == '@';
  if (order && strcmp(text, "@on") == 0) warning->on = true;
  if (order && strcmp(text, "@off") == 0) warning->on = false;
  if (warning->on && !order)
    fprintf(stderr, "%s%s%s", warning->inside ? "" : "Lua warning: ", text,
            more ? "" : "\n");
  if (!order) warning->inside = more;
}
