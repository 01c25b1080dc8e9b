/*
** get, update, delete and archive: the operations on one asset. Each answers
** 404 if the asset does not exist.
*/
#include "sandbox/http/body.h"
#include "sandbox/api/handlers.h"

#include <stdlib.h>
#include <string.h>

static const sb_rule update_rules[] = {
  {"name",            SB_STRING,  SB_FILLED},
  {"description",     SB_STRING,  0},
  {"tags",            SB_STRINGS, 0},
  {"mount",           SB_STRING,  0},
  {"custom_metadata", SB_OBJECT,  SB_NEW},
  {NULL, SB_STRING, 0}
};

/* A field that is left out, or null, stays; a given value replaces the
** field. */
static const char update_sql[] =
  "UPDATE asset SET name = coalesce(json_extract(?2, '$.name'), name),"
  " description = coalesce(json_extract(?2, '$.description'), description),"
  " tags = CASE json_type(?2, '$.tags') WHEN 'array' THEN"
  "  (SELECT json_group_array(value) FROM json_each(?2, '$.tags'))"
  "  ELSE tags END,"
  " mount = coalesce(json_extract(?2, '$.mount'), mount),"
  " custom_metadata = CASE WHEN ?3 THEN coalesce("
  "  json_extract(?2, '$.custom_metadata'), custom_metadata)"
  "  ELSE custom_metadata END"
  " WHERE id = ?1";


void sb_asset_get(sb_op *op) {
  static const sb_spelling of_2022[] = {
    [SB_2022] = SB_LONG, [SB_BOTH] = SB_LONG_PLUS,
  };
  sb_op_answer_asset(op, 200, op->current ? SB_SHORT_PLUS
                                          : of_2022[op->config->dialect]);
}


void sb_asset_update(sb_op *op) {
  if (!sb_body_check(op, update_rules) || !sb_metadata_check(op)) return;
  sqlite3_stmt *update = sb_store_prepare(op->store, update_sql);
  sqlite3_bind_text(update, 2, op->body, (int)op->length, SQLITE_STATIC);
  sqlite3_bind_int(update, 3, op->config->dialect != SB_2022);
  if (sb_op_write(op, update))
    sb_op_answer_asset(op, 200, op->config->dialect == SB_2022 ? SB_SHORT
                                                               : SB_SHORT_PLUS);
}


void sb_asset_delete(sb_op *op) {
  sqlite3_stmt *delete = sb_store_prepare(op->store,
    "DELETE FROM asset WHERE id = ?1");
  if (sb_op_write(op, delete)) sb_op_answer_empty(op);
}


void sb_asset_archive(sb_op *op) {
  char *archive = sb_op_parameter(op, "archive");
  /* Python clients send "True". */
  bool on = archive && strcasecmp(archive, "true") == 0;
  bool off = archive && strcasecmp(archive, "false") == 0;
  free(archive);
  if (!on && !off) {
    sb_op_fail(op, 400, "archive must be true or false");
    return;
  }
  sqlite3_stmt *update = sb_store_prepare(op->store,
    "UPDATE asset SET archived = ?2 WHERE id = ?1");
  sqlite3_bind_int(update, 2, on);
  if (sb_op_write(op, update)) sb_op_answer_empty(op);
}
