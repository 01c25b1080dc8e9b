/*
** Checks a request's body against rows. SQLite reads the JSON; a path in a row
** is a path of SQLite's without its "$.".
*/
#include "sandbox/http/body.h"

#include <stdio.h>
#include <string.h>

#define PATH_SIZE 120

/* By sb_value_type: its types in SQLite, and its name in messages. */
static const struct { const char *types, *name; } values[] = {
  [SB_STRING] =       {"text", "a string"},
  [SB_STRINGS] =      {"array", "an array of strings"},
  [SB_BOOLEAN] =      {"true false", "true or false"},
  [SB_TEXT_BOOLEAN] = {"true false text", "true or false"},
  [SB_WHOLE_NUMBER] = {"integer", "an integer"},
  [SB_OBJECT] =       {"object", "an object"},
  [SB_LIST] =         {"array", "an array"},
};


static sqlite3_stmt *prepare(sb_op *op, const char *sql, const char *path) {
  char full[PATH_SIZE + 4];
  sqlite3_stmt *statement = sb_store_prepare(op->store, sql);
  if (!statement) return NULL;
  snprintf(full, sizeof full, *path ? "$.%s" : "$", path);
  sqlite3_bind_text(statement, 1, op->body, (int)op->length, SQLITE_STATIC);
  sqlite3_bind_text(statement, 2, full, -1, SQLITE_TRANSIENT);
  return statement;
}


/* SQLite's name of the type at the path; "" for nothing and for null, which
** clients send for a field that they leave out. */
static void type_at(sb_op *op, const char *path, char type[static 12]) {
  type[0] = '\0';
  sqlite3_stmt *statement = prepare(op, "SELECT json_type(?1, ?2)", path);
  if (!statement) return;
  if (sqlite3_step(statement) == SQLITE_ROW) {
    const char *found = (const char *)sqlite3_column_text(statement, 0);
    if (found && strcmp(found, "null") != 0) snprintf(type, 12, "%s", found);
  }
  sb_store_reset(statement);
}


static bool parent_is_there(sb_op *op, const char *path) {
  char parent[PATH_SIZE], type[12];
  const char *dot = strrchr(path, '.');
  if (!dot) return true;
  snprintf(parent, sizeof parent, "%.*s", (int)(dot - path), path);
  type_at(op, parent, type);
  return *type != '\0';
}


static bool check_strings(sb_op *op, const sb_rule *rule) {
  sqlite3_stmt *statement = prepare(op,
    "SELECT key, type FROM json_each(?1, ?2) WHERE type <> 'text'", rule->path);
  bool good = statement && sqlite3_step(statement) != SQLITE_ROW;
  if (!good && statement)
    sb_op_fail(op, 400, "%s[%d] must be a string, not %s", rule->path,
                 sqlite3_column_int(statement, 0),
                 (const char *)sqlite3_column_text(statement, 1));
  sb_store_reset(statement);
  return good;
}


static bool check_filled(sb_op *op, const sb_rule *rule) {
  sqlite3_stmt *statement = prepare(op, "SELECT 1 WHERE"
                                " json_extract(?1, ?2) <> ''", rule->path);
  bool good = statement && sqlite3_step(statement) == SQLITE_ROW;
  if (!good) sb_op_fail(op, 400, "%s must not be empty", rule->path);
  sb_store_reset(statement);
  return good;
}


/* Python clients send "True". */
static bool check_text_boolean(sb_op *op, const sb_rule *rule) {
  sqlite3_stmt *statement = prepare(op, "SELECT json_type(?1, ?2) <> 'text'"
    " OR lower(json_extract(?1, ?2)) IN ('true', 'false')", rule->path);
  bool good = statement && sqlite3_step(statement) == SQLITE_ROW
              && sqlite3_column_int(statement, 0);
  if (!good) sb_op_fail(op, 400, "%s must be true or false", rule->path);
  sb_store_reset(statement);
  return good;
}


static bool is_needed(const sb_op *op, const sb_rule *rule) {
  return rule->flags & SB_NEEDED
         || (rule->flags & SB_NEEDED_2022 && op->config->dialect == SB_2022);
}


static bool check_value(sb_op *op, const sb_rule *rule) {
  char type[12];
  type_at(op, rule->path, type);
  if (!*type) {
    if (!is_needed(op, rule) || !parent_is_there(op, rule->path))
      return true;
    sb_op_fail(op, 400, "%s is required", rule->path);
    return false;
  }
  if (!strstr(values[rule->value].types, type)) {
    sb_op_fail(op, 400, "%s must be %s, not %s", rule->path,
                 values[rule->value].name, type);
    return false;
  }
  if (rule->flags & SB_NEW && op->config->dialect == SB_BOTH)
    op->current = true;
  if (rule->flags & SB_FILLED) return check_filled(op, rule);
  if (rule->value == SB_STRINGS) return check_strings(op, rule);
  if (rule->value == SB_TEXT_BOOLEAN) return check_text_boolean(op, rule);
  return true;
}


bool sb_body_object(sb_op *op) {
  char type[12];
  bool text = op->length > 0 && !memchr(op->body, '\0', op->length)
              && sb_utf8_valid(op->body, op->length);
  sqlite3_stmt *statement = NULL;
  if (text) statement = prepare(op, "SELECT json_valid(?1)", "");
  bool valid = statement && sqlite3_step(statement) == SQLITE_ROW
               && sqlite3_column_int(statement, 0);
  sb_store_reset(statement);
  if (valid) type_at(op, "", type);
  if (valid && strcmp(type, "object") == 0) return true;
  sb_op_fail(op, 400, valid ? "the body must be a JSON object"
                                : "the body is not valid JSON");
  return false;
}


bool sb_body_check(sb_op *op, const sb_rule *rules) {
  if (!sb_body_object(op)) return false;
  for (const sb_rule *rule = rules; rule->path; rule++) {
    if (rule->flags & SB_NEW && op->config->dialect == SB_2022) continue;
    if (!check_value(op, rule)) return false;
  }
  return true;
}
