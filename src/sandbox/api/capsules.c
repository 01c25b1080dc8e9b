/*
** Capsules: search_capsules. The estate has no capsules of their own: there are
** those that the provenance of its results names, each with the assets attached
** that the results came of.
*/
#include "sandbox/api/handlers.h"
#include "sandbox/http/body.h"

static const sb_rule rules[] = {
  {"query",  SB_STRING,  0},
  {"limit",  SB_WHOLE_NUMBER, 0},
  {"offset", SB_WHOLE_NUMBER, 0},
  {NULL, SB_STRING, 0}
};

static const char search_sql[] =
  "WITH attached AS (SELECT json_extract(provenance, '$.capsule') AS capsule,"
  "  coalesce(json_extract(provenance, '$.run_script'), 'capsule') AS name,"
  "  value AS asset FROM asset, json_each(provenance, '$.data_assets')"
  "  WHERE json_extract(provenance, '$.capsule') IS NOT NULL),"
  " found AS (SELECT capsule, min(name) AS name FROM attached"
  "  WHERE coalesce(json_extract(?1, '$.query'), '') IN ('', asset, capsule)"
  "  GROUP BY capsule ORDER BY capsule"
  "  LIMIT coalesce(json_extract(?1, '$.limit'), 100)"
  "  OFFSET coalesce(json_extract(?1, '$.offset'), 0))"
  " SELECT json_object('has_more', json('false'), 'results',"
  "  json_group_array(json_object('id', capsule, 'name', name))) FROM found";


void sb_capsules_search(sb_op *op) {
  if (!sb_body_check(op, rules)) return;
  sqlite3_stmt *select = sb_store_prepare(op->store, search_sql);
  sqlite3_bind_text(select, 1, op->body, (int)op->length, SQLITE_STATIC);
  op->status = 200;
  if (select && sqlite3_step(select) == SQLITE_ROW)
    sb_text_add(op->out, sqlite3_column_text(select, 0),
                (size_t)sqlite3_column_bytes(select, 0));
  else
    sb_op_fail_database(op);
  sb_store_done(select);
}
