/*
** The deployment's schema of custom metadata: the operation custom_metadata,
** which answers with it, and the check of the values that create and update
** send. An estate without a schema accepts any value.
*/
#include "sandbox/api/handlers.h"


void sb_custom_metadata_get(sb_op *op) {
  sb_op_answer_text(op, "SELECT custom_metadata FROM estate");
}


/* Selects one member that the schema does not allow, if there is any: its name,
** and the type of the field, or NULL if there is no such field. A field that is
** `multiple` accepts a list. */
static const char wrong_members[] =
  "WITH field AS (SELECT json_extract(value, '$.name') AS name, value AS field"
  "  FROM estate, json_each(custom_metadata, '$.fields')),"
  " sent AS (SELECT m.key, v.type, v.value FROM"
  "  json_each(?1, '$.custom_metadata') AS m LEFT JOIN field ON name = m.key,"
  "  json_each(CASE WHEN m.type = 'array'"
  "   AND json_extract(field, '$.multiple') THEN m.value"
  "   ELSE json_array(CASE m.type WHEN 'array' THEN json(m.value)"
  "    WHEN 'object' THEN json(m.value) ELSE m.value END) END) AS v)"
  " SELECT key, json_extract(field, '$.type') FROM sent LEFT JOIN field"
  " ON name = key WHERE type <> 'null' AND (field IS NULL"
  "  OR CASE json_extract(field, '$.type') WHEN 'string' THEN type <> 'text'"
  "   ELSE type NOT IN ('integer', 'real') END"
  "  OR (json_type(field, '$.allowed_values') = 'array' AND value NOT IN"
  "   (SELECT value FROM json_each(field, '$.allowed_values')))"
  "  OR value < json_extract(field, '$.range.min')"
  "  OR value > json_extract(field, '$.range.max'))"
  " AND EXISTS (SELECT 1 FROM field) LIMIT 1";


bool sb_metadata_check(sb_op *op) {
  if (op->config->dialect == SB_2022) return true;
  sqlite3_stmt *wrong = sb_store_prepare(op->store, wrong_members);
  sqlite3_bind_text(wrong, 1, op->body, (int)op->length, SQLITE_STATIC);
  bool good = wrong && sqlite3_step(wrong) != SQLITE_ROW;
  if (!wrong) sb_op_fail_database(op);
  else if (!good && sqlite3_column_type(wrong, 1) == SQLITE_NULL)
    sb_op_fail(op, 400, "custom_metadata: no field is called %s",
               (const char *)sqlite3_column_text(wrong, 0));
  else if (!good)
    sb_op_fail(op, 400, "custom_metadata: %s must be a %s that the schema"
               " allows", (const char *)sqlite3_column_text(wrong, 0),
               (const char *)sqlite3_column_text(wrong, 1));
  sb_store_reset(wrong);
  return good;
}
