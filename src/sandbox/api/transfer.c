/*
** transfer: moves an asset's files to another bucket.
*/
#include "sandbox/http/body.h"
#include "sandbox/api/handlers.h"

static const sb_rule rules[] = {
  {"target",            SB_OBJECT,    SB_NEEDED},
  {"target.aws",        SB_OBJECT,    SB_NEEDED},
  {"target.aws.bucket", SB_STRING,  SB_NEEDED | SB_FILLED},
  {"target.aws.prefix", SB_STRING,  0},
  {"target.aws.endpoint_name", SB_STRING, 0},
  {"force",             SB_BOOLEAN, 0},
  {NULL, SB_STRING, 0}
};


/* The move is done at once. If the bucket does not exist, the asset stays where
** it is and transfer_error has the reason. */
void sb_asset_transfer(sb_op *op) {
  if (!sb_body_check(op, rules) || !sb_op_is_ready(op)) return;
  sqlite3_stmt *update = sb_store_prepare(op->store,
    "WITH moved AS (SELECT json_extract(?2, '$.target.aws.bucket') AS bucket),"
    " known AS (SELECT bucket, " SB_BUCKET_FOUND("?3") " AS found FROM moved)"
    " UPDATE asset SET transfer_error = CASE WHEN NOT found THEN"
    "   'the bucket ' || bucket || ' does not exist' END,"
    "  last_transferred = CASE WHEN found THEN CAST(?4 AS INTEGER)"
    "   ELSE last_transferred END,"
    "  source = CASE WHEN found THEN json_patch('{}', json_object("
    "   'origin', 'aws', 'bucket', bucket, 'prefix',"
    "   json_extract(?2, '$.target.aws.prefix'), 'external', json('true')))"
    "   ELSE source END"
    " FROM known WHERE id = ?1");
  sqlite3_bind_text(update, 2, op->body, (int)op->length, SQLITE_STATIC);
  sb_store_bind(update, 3, op->config->buckets);
  sqlite3_bind_double(update, 4, sb_wall());
  if (sb_op_write(op, update)) sb_op_answer_empty(op);
}
