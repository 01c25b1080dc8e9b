/*
** One request as an operation sees it.
*/
#include "sandbox/call.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


void sb_call_fail(sb_call *call, int status, const char *format, ...) {
  char message[500];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  /* What came out of a path may be any bytes; the answer is JSON. */
  if (!sb_utf8_valid(message, strlen(message)))
    for (char *c = message; *c; c++)
      if (*c & 0x80) *c = '?';
  call->status = status;
  sb_text_reset(call->out);
  sb_text_puts(call->out, "{\"message\":");
  sb_text_quote(call->out, message);
  sb_text_puts(call->out, "}");
}


void sb_call_broken(sb_call *call) {
  sb_call_fail(call, 500, "the sandbox's database: %s",
               sqlite3_errmsg(sb_store_db(call->store)));
}


void sb_call_show(sb_call *call, int status, sb_face face) {
  int found = sb_store_show(call->store, call->id, face, call->tweaks,
                            call->out);
  call->status = status;
  if (found < 0) sb_call_broken(call);
  if (found == 0)
    sb_call_fail(call, 404, "no data asset has the id %s", call->id);
}


bool sb_call_write(sb_call *call, sqlite3_stmt *statement) {
  if (statement) sb_store_bind(statement, 1, call->id);
  int changed = statement ? sb_store_write(call->store, statement) : -1;
  if (changed < 0) sb_call_broken(call);
  if (changed == 0)
    sb_call_fail(call, 404, "no data asset has the id %s", call->id);
  return changed > 0;
}


/* The vendor's page shows an empty object; the current release sends none. */
void sb_call_nothing(sb_call *call) {
  bool current = call->config->dialect == SB_CURRENT;
  call->status = current ? 204 : 200;
  if (!current) sb_text_puts(call->out, "{}");
}


int sb_parameter_next(char **rest, char **name, char **value) {
  if (!*rest || !**rest) return 0;
  *name = strsep(rest, "&");
  *value = strchr(*name, '=');
  if (*value) *(*value)++ = '\0';
  else *value = *name + strlen(*name);
  return sb_percent_decode(*name, true) && sb_percent_decode(*value, true)
    ? 1 : -1;
}


char *sb_call_parameter(const sb_call *call, const char *wanted) {
  char *copy = strdup(call->query ? call->query : "");
  char *rest = copy, *name, *value, *found = NULL;
  while (!found && sb_parameter_next(&rest, &name, &value) == 1)
    if (strcmp(name, wanted) == 0) found = strdup(value);
  free(copy);
  return found;
}
