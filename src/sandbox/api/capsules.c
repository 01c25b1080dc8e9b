/*
** Capsules: search_capsules. The estate has no table of capsules: the capsules
** are those that the provenance of its results names. The assets that a result
** was made from are attached to its capsule.
*/
#include "sandbox/api/handlers.h"
#include "sandbox/http/body.h"

static const sb_rule rules[] = {
  {"query",      SB_STRING,       0},
  {"limit",      SB_WHOLE_NUMBER, 0},
  {"offset",     SB_WHOLE_NUMBER, 0},
  {"next_token", SB_STRING,       0},
  {NULL, SB_STRING, 0}
};

/* A token is the offset of the next page. A capsule has the time and the owner
** of its first result. */
static const char search_sql[] =
  "WITH sent AS (SELECT"
  "  min(1000, max(1, coalesce(json_extract(?1, '$.limit'), 100))) AS size,"
  "  max(0, CAST(coalesce(json_extract(?1, '$.next_token'),"
  "   json_extract(?1, '$.offset'), 0) AS INTEGER)) AS start),"
  " attached AS (SELECT json_extract(provenance, '$.capsule') AS capsule,"
  "  coalesce(json_extract(provenance, '$.run_script'), 'capsule') AS name,"
  "  created, owner, owner_email, value AS asset"
  "  FROM asset, json_each(provenance, '$.data_assets')"
  "  WHERE json_extract(provenance, '$.capsule') IS NOT NULL),"
  " found AS (SELECT capsule, name, min(created) AS created, owner, owner_email"
  "  FROM attached"
  "  WHERE coalesce(json_extract(?1, '$.query'), '') IN ('', asset, capsule)"
  "  GROUP BY capsule ORDER BY capsule"
  "  LIMIT (SELECT size + 1 FROM sent) OFFSET (SELECT start FROM sent)),"
  " page AS (SELECT * FROM found ORDER BY capsule"
  "  LIMIT (SELECT size FROM sent)),"
  " more AS (SELECT count(*) > (SELECT size FROM sent) AS more FROM found)"
  " SELECT json_patch(json_object("
  "  'has_more', json(CASE WHEN more THEN 'true' ELSE 'false' END),"
  "  'results', (SELECT json_group_array(json_object('id', capsule,"
  "   'created', created, 'name', name, 'status', 'non_release',"
  "   'owner', owner, 'owner_email', owner_email,"
  "   'slug', substr(capsule, 1, 7))) FROM page)),"
  "  json_object('next_token',"
  "   CASE WHEN more THEN CAST(start + size AS TEXT) END)) FROM sent, more";


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
  sb_store_reset(select);
}
