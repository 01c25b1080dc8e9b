/*
** The helpers of operations: parameters, answers, failures.
*/
#include "sandbox/api/operation.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/estate/write.h"


void sb_op_fail(sb_op *op, int status, const char *format, ...) {
  char message[500];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  /* A text from a path may be any bytes, but the answer must be JSON. */
  if (!sb_utf8_valid(message, strlen(message)))
    for (char *c = message; *c; c++)
      if (*c & 0x80) *c = '?';
  op->status = status;
  sb_text_reset(op->out);
  sb_text_puts(op->out, "{\"message\":");
  sb_text_quote(op->out, message);
  sb_text_puts(op->out, "}");
}


void sb_op_fail_database(sb_op *op) {
  sb_op_fail(op, 500, "the sandbox's database: %s",
               sqlite3_errmsg(sb_store_db(op->store)));
}


unsigned sb_op_tweaks(const sb_op *op) {
  return op->tweaks | (op->current ? 0 : SB_TWO_TYPES);
}


void sb_op_answer_asset(sb_op *op, int status, sb_spelling spelling) {
  int found = sb_asset_json_add(op->store, op->id, spelling, sb_op_tweaks(op),
                                op->out);
  op->status = status;
  if (found < 0) sb_op_fail_database(op);
  if (found == 0)
    sb_op_fail(op, 404, "no data asset has the id %s", op->id);
}


bool sb_op_write(sb_op *op, sqlite3_stmt *statement) {
  if (statement) sb_store_bind(statement, 1, op->id);
  int changed = statement ? sb_write(op->store, statement) : -1;
  if (changed < 0) sb_op_fail_database(op);
  if (changed == 0)
    sb_op_fail(op, 404, "no data asset has the id %s", op->id);
  return changed > 0;
}


/* The vendor's documents show an empty object; the current release sends an
** empty body. */
void sb_op_answer_empty(sb_op *op) {
  op->status = op->current ? 204 : 200;
  if (!op->current) sb_text_puts(op->out, "{}");
}


void sb_op_answer_text(sb_op *op, const char *sql) {
  sqlite3_stmt *select = sb_store_prepare(op->store, sql);
  sb_store_bind(select, 1, op->id);
  op->status = 200;
  if (select && sqlite3_step(select) == SQLITE_ROW)
    sb_text_add(op->out, sqlite3_column_text(select, 0),
                (size_t)sqlite3_column_bytes(select, 0));
  else
    sb_op_fail(op, 404, "no data asset has the id %s", op->id);
  sb_store_reset(select);
}


bool sb_op_is_ready(sb_op *op) {
  sqlite3_stmt *select = sb_store_prepare(op->store,
    "SELECT ready_at <= ?2 AND failure IS NULL FROM asset WHERE id = ?1");
  sb_store_bind(select, 1, op->id);
  sqlite3_bind_double(select, 2, sb_wall());
  bool found = select && sqlite3_step(select) == SQLITE_ROW;
  bool ready = found && sqlite3_column_int(select, 0);
  if (!found) sb_op_fail(op, 404, "no data asset has the id %s", op->id);
  else if (!ready) sb_op_fail(op, 400, "the data asset is not ready");
  sb_store_reset(select);
  return ready;
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


char *sb_op_parameter(const sb_op *op, const char *wanted) {
  char *copy = strdup(op->query ? op->query : "");
  char *rest = copy, *name, *value, *found = NULL;
  while (!found && sb_parameter_next(&rest, &name, &value) == 1)
    if (strcmp(name, wanted) == 0) found = strdup(value);
  free(copy);
  return found;
}
