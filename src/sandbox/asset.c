/*
** The operations on one asset that exists.
*/
#include "sandbox/body.h"
#include "sandbox/handlers.h"

#include <stdlib.h>
#include <string.h>

static const sb_rule update_rules[] = {
  {"name",            SB_STRING,  SB_NEEDED | SB_FILLED},
  {"description",     SB_STRING,  SB_NEEDED},
  {"tags",            SB_STRINGS, 0},
  {"mount",           SB_STRING,  0},
  {"custom_metadata", SB_OPEN,    SB_NEW},
  {NULL, SB_STRING, 0}
};

/* What is left out stays; what is given replaces the whole. Fields without a
** rule are kept beside the asset. */
static const char update_sql[] =
  "UPDATE asset SET name = json_extract(?2, '$.name'),"
  " description = json_extract(?2, '$.description'),"
  " tags = CASE json_type(?2, '$.tags') WHEN 'array' THEN"
  "  (SELECT json_group_array(value) FROM json_each(?2, '$.tags'))"
  "  ELSE tags END,"
  " mount = coalesce(json_extract(?2, '$.mount'), mount),"
  " custom_metadata = coalesce(json_extract(?2, '$.custom_metadata'),"
  "  custom_metadata),"
  " extra = json_patch(extra, json_remove(?2, '$.name', '$.description',"
  "  '$.tags', '$.mount', '$.custom_metadata'))"
  " WHERE id = ?1";


static sb_spelling short_face(const sb_op *op) {
  return op->config->dialect == SB_2022 ? SB_SHORT : SB_SHORT_PLUS;
}


void sb_asset_get(sb_op *op) {
  static const sb_spelling faces[] = {
    [SB_2022] = SB_LONG, [SB_CURRENT] = SB_SHORT_PLUS, [SB_BOTH] = SB_LONG_PLUS,
  };
  sb_op_answer_asset(op, 200, faces[op->config->dialect]);
}


void sb_asset_update(sb_op *op) {
  if (!sb_body_check(op, update_rules)) return;
  sqlite3_stmt *update = sb_store_prepare(op->store, update_sql);
  sqlite3_bind_text(update, 2, op->body, (int)op->length, SQLITE_STATIC);
  if (sb_op_write(op, update)) sb_op_answer_asset(op, 200, short_face(op));
}


void sb_asset_delete(sb_op *op) {
  sqlite3_stmt *delete = sb_store_prepare(op->store,
    "DELETE FROM asset WHERE id = ?1");
  if (sb_op_write(op, delete)) sb_op_answer_empty(op);
}


void sb_asset_archive(sb_op *op) {
  char *archive = sb_op_parameter(op, "archive");
  bool on = archive && strcmp(archive, "true") == 0;
  bool off = archive && strcmp(archive, "false") == 0;
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
