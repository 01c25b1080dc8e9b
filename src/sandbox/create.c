/*
** Create: what the body must hold, and the draft that comes of it.
*/
#include "sandbox/body.h"
#include "sandbox/handlers.h"

#include <stdio.h>
#include <string.h>

static const sb_rule rules[] = {
  {"name",                                SB_STRING,  SB_NEEDED | SB_FILLED},
  {"description",                         SB_STRING,  0},
  {"mount",                               SB_STRING,  SB_NEEDED},
  {"tags",                                SB_STRINGS, SB_NEEDED},
  {"source",                              SB_CLOSED,  0},
  {"source.aws",                          SB_CLOSED,  0},
  {"source.aws.bucket",                   SB_STRING,  SB_NEEDED},
  {"source.aws.prefix",                   SB_STRING,  0},
  {"source.aws.keep_on_external_storage", SB_BOOLEAN, 0},
  {"source.aws.index_data",               SB_BOOLEAN, 0},
  {"source.aws.access_key_id",            SB_STRING,  0},
  {"source.aws.secret_access_key",        SB_STRING,  0},
  {"source.aws.public",                   SB_BOOLEAN, SB_NEW},
  {"source.aws.endpoint_name",            SB_STRING,  SB_NEW},
  {"source.aws.use_input_bucket",         SB_BOOLEAN, SB_NEW},
  {"source.computation",                  SB_CLOSED,  0},
  {"source.computation.id",               SB_STRING,  SB_NEEDED},
  {"source.computation.path",             SB_STRING,  0},
  {"source.gcp",                          SB_CLOSED,  SB_NEW},
  {"source.gcp.bucket",                   SB_STRING,  SB_NEEDED | SB_NEW},
  {"source.gcp.client_id",                SB_STRING,  SB_NEW},
  {"source.gcp.client_secret",            SB_STRING,  SB_NEW},
  {"source.gcp.prefix",                   SB_STRING,  SB_NEW},
  {"source.cloud_workstation",            SB_CLOSED,  SB_NEW},
  {"source.cloud_workstation.id",         SB_STRING,  SB_NEEDED | SB_NEW},
  {"source.cloud_workstation.path",       SB_STRING,  SB_NEEDED | SB_NEW},
  {"source.cloud_workstation.run_script", SB_STRING,  SB_NEW},
  {"target",                              SB_CLOSED,  SB_NEW},
  {"target.aws",                          SB_CLOSED,  SB_NEW},
  {"target.aws.bucket",                   SB_STRING,  SB_NEEDED | SB_NEW},
  {"target.aws.prefix",                   SB_STRING,  SB_NEW},
  {"custom_metadata",                     SB_OPEN,    SB_NEW},
  {"data_asset_ids",                      SB_STRINGS, SB_NEW},
  {"results_info",                        SB_OPEN,    SB_NEW},
  {NULL, SB_STRING, 0}
};

/* What the body says, under names: ?2 is the body, ?5 the buckets there are. */
#define SENT \
  "WITH said AS (SELECT ?2 AS body," \
  "  coalesce(json_extract(?2, '$.source.aws')," \
  "   json_extract(?2, '$.source.gcp')) AS cloud," \
  "  CASE json_type(?2, '$.source.gcp') WHEN 'object' THEN 'gcp'" \
  "   ELSE 'aws' END AS origin," \
  "  json_extract(?2, '$.data_asset_ids') AS parts," \
  "  json_extract(?2, '$.results_info') AS results," \
  "  coalesce(json_extract(?2, '$.source.computation.id')," \
  "   json_extract(?2, '$.source.cloud_workstation.id')) AS computation)," \
  " bucket AS (SELECT *, json_extract(cloud, '$.bucket') AS bucket," \
  "  coalesce(json_extract(cloud, '$.keep_on_external_storage'), 0)" \
  "   AS external FROM said)," \
  " sent AS (SELECT *, CASE WHEN NOT " SB_BUCKET_FOUND("?5") \
  "   THEN 'the bucket ' || bucket || ' does not exist' END AS failure" \
  "  FROM bucket)"

/* An external asset is the whole bucket, whatever prefix was sent. */
#define SOURCE \
  "CASE WHEN parts IS NOT NULL THEN NULL" \
  " WHEN bucket IS NULL THEN json_object('origin', 'local')" \
  " ELSE json_patch('{}', json_object('origin', origin, 'bucket', bucket," \
  "  'prefix'," \
  "  CASE WHEN NOT external THEN json_extract(cloud, '$.prefix') END," \
  "  'external', json(CASE WHEN external THEN 'true' ELSE 'false' END))) END"

#define CONTAINED \
  "CASE WHEN parts IS NOT NULL THEN (SELECT json_group_array(json_object(" \
  "  'id', part.id, 'mount', part.mount, 'size', part.size))" \
  " FROM json_each(parts) AS wanted" \
  " JOIN asset AS part ON part.id = wanted.value) END"

/* ?1 is the id, ?3 the time, ?4 when it is ready, ?6 a number to make files
** and size of. The keys of the bucket are not stored. */
static const char insert_sql[] = SENT
  " INSERT INTO asset (id, name, description, mount, tags, type, created,"
  "  files, size, ready_at, failure, owner, source, provenance, run_script,"
  "  commit_id, custom_metadata, contained, extra)"
  " SELECT ?1, json_extract(body, '$.name'),"
  "  coalesce(json_extract(body, '$.description'), ''),"
  "  json_extract(body, '$.mount'),"
  "  (SELECT json_group_array(value) FROM json_each(body, '$.tags')),"
  "  CASE WHEN parts IS NOT NULL THEN 'combined'"
  "   WHEN computation IS NOT NULL OR results IS NOT NULL THEN 'result'"
  "   ELSE 'dataset' END,"
  "  CAST(?3 AS INTEGER),"
  "  CASE WHEN failure IS NULL THEN ?6 % 4096 + 1 ELSE 0 END,"
  "  CASE WHEN failure IS NULL THEN ?6 % 1099511627776 ELSE 0 END,"
  "  ?4, failure, 'you', " SOURCE ","
  "  CASE WHEN computation IS NOT NULL THEN json_object('computation',"
  "   computation, 'run_script', 'code/run') ELSE results END,"
  "  CASE WHEN computation IS NOT NULL THEN 'code/run'"
  "   ELSE json_extract(results, '$.run_script') END,"
  "  json_extract(results, '$.commit'),"
  "  json_extract(body, '$.custom_metadata'), " CONTAINED ","
  "  json_remove(body, '$.name', '$.description', '$.tags', '$.mount',"
  "   '$.source', '$.target', '$.custom_metadata', '$.data_asset_ids',"
  "   '$.results_info')"
  " FROM sent";


/* One number the database makes of the body, or -1. */
static int64_t ask(sb_op *op, const char *sql) {
  sqlite3_stmt *statement = sb_store_prepare(op->store, sql);
  int64_t number = -1;
  if (!statement) return number;
  sqlite3_bind_text(statement, 1, op->body, (int)op->length, SQLITE_STATIC);
  if (sqlite3_step(statement) == SQLITE_ROW)
    number = sqlite3_column_int64(statement, 0);
  sb_store_done(statement);
  return number;
}


/* An asset comes out of one place. */
static bool check_origin(sb_op *op) {
  bool current = op->config->dialect != SB_2022;
  int64_t sources = ask(op,
    "SELECT count(*) FROM json_each(?1, '$.source') WHERE type = 'object'");
  int64_t parts = !current ? 0 : ask(op,
    "SELECT coalesce(json_array_length(?1, '$.data_asset_ids'), 0)");
  int64_t results = !current ? 0 : ask(op,
    "SELECT coalesce(json_type(?1, '$.results_info') = 'object', 0)");
  if (sources + (parts > 0) + (results && !sources) == 1) return true;
  sb_op_fail(op, 400, sources + parts + results == 0
    ? "source is required: where the data come from"
    : "source must name one place the data come from");
  return false;
}


static bool check_parts(sb_op *op) {
  if (op->config->dialect == SB_2022) return true;
  int64_t strangers = ask(op,
    "SELECT count(*) FROM json_each(?1, '$.data_asset_ids')"
    " WHERE value NOT IN (SELECT id FROM asset)");
  if (strangers == 0) return true;
  sb_op_fail(op, 400, "data_asset_ids: %d of them are no data assets",
               (int)strangers);
  return false;
}


static void make_id(char id[static 37], uint64_t *number) {
  unsigned char r[16];
  sqlite3_randomness(sizeof r, r);
  memcpy(number, r, sizeof *number);
  *number &= INT64_MAX;
  r[6] = (unsigned char)((r[6] & 0x0F) | 0x40);
  r[8] = (unsigned char)((r[8] & 0x3F) | 0x80);
  for (int i = 0, at = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id[at++] = '-';
    at += snprintf(id + at, 3, "%02x", r[i]);
  }
}


void sb_asset_create(sb_op *op) {
  if (!sb_body_check(op, rules) || !check_origin(op) || !check_parts(op))
    return;
  char id[37];
  uint64_t number;
  make_id(id, &number);
  double now = sb_wall();
  double wait = op->tweaks & SB_STUCK_DRAFT ? 1e18
                                              : op->config->ready_after;
  sqlite3_stmt *insert = sb_store_prepare(op->store, insert_sql);
  sb_store_bind(insert, 1, id);
  sqlite3_bind_text(insert, 2, op->body, (int)op->length, SQLITE_STATIC);
  sqlite3_bind_double(insert, 3, now);
  sqlite3_bind_double(insert, 4, now + wait);
  sb_store_bind(insert, 5, op->config->buckets);
  sqlite3_bind_int64(insert, 6, (int64_t)number);
  if (!insert || sb_store_write(op->store, insert) != 1) {
    sb_op_fail_database(op);
    return;
  }
  /* What create answers is a draft, however soon it is ready. */
  op->tweaks |= SB_STUCK_DRAFT;
  op->id = id;
  sb_asset_get(op);
  op->id = NULL;
}
