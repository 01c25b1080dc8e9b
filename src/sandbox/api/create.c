/*
** create: checks the body, then inserts one row. The answer is always a draft,
** even if the asset is ready at once. A bucket's keys are checked, never
** stored.
*/
#include "sandbox/http/body.h"
#include "sandbox/api/handlers.h"

#include <stdio.h>
#include <string.h>

#include "sandbox/estate/write.h"

static const sb_rule rules[] = {
  {"name",                                SB_STRING,  SB_NEEDED | SB_FILLED},
  {"description",                         SB_STRING,  SB_NEEDED_2022},
  {"mount",                               SB_STRING,  SB_NEEDED},
  {"tags",                                SB_STRINGS, SB_NEEDED},
  {"source",                              SB_OBJECT,  0},
  {"source.aws",                          SB_OBJECT,  0},
  {"source.aws.bucket",                   SB_STRING,  SB_NEEDED | SB_FILLED},
  {"source.aws.prefix",                   SB_STRING,  0},
  {"source.aws.keep_on_external_storage", SB_BOOLEAN, 0},
  {"source.aws.index_data",               SB_BOOLEAN, 0},
  {"source.aws.access_key_id",            SB_STRING,  0},
  {"source.aws.secret_access_key",        SB_STRING,  0},
  {"source.aws.public",                   SB_TEXT_BOOLEAN, SB_NEW},
  {"source.aws.endpoint_name",            SB_STRING,  SB_NEW},
  {"source.aws.use_input_bucket",         SB_BOOLEAN, SB_NEW},
  {"source.computation",                  SB_OBJECT,  0},
  {"source.computation.id",               SB_STRING,  SB_NEEDED | SB_FILLED},
  {"source.computation.path",             SB_STRING,  0},
  {"source.gcp",                          SB_OBJECT,  SB_NEW},
  {"source.gcp.bucket",                   SB_STRING,
   SB_NEEDED | SB_FILLED | SB_NEW},
  {"source.gcp.client_id",                SB_STRING,  SB_NEW},
  {"source.gcp.client_secret",            SB_STRING,  SB_NEW},
  {"source.gcp.prefix",                   SB_STRING,  SB_NEW},
  {"source.cloud_workstation",            SB_OBJECT,  SB_NEW},
  {"source.cloud_workstation.id",         SB_STRING,
   SB_NEEDED | SB_FILLED | SB_NEW},
  {"source.cloud_workstation.path",       SB_STRING,
   SB_NEEDED | SB_FILLED | SB_NEW},
  {"source.cloud_workstation.run_script", SB_STRING,  SB_NEW},
  {"target",                              SB_OBJECT,  SB_NEW},
  {"target.aws",                          SB_OBJECT,  SB_NEW},
  {"target.aws.bucket",                   SB_STRING,
   SB_NEEDED | SB_FILLED | SB_NEW},
  {"target.aws.prefix",                   SB_STRING,  SB_NEW},
  {"target.aws.endpoint_name",            SB_STRING,  SB_NEW},
  {"custom_metadata",                     SB_OBJECT,  SB_NEW},
  {"data_asset_ids",                      SB_STRINGS, SB_NEW},
  {"results_info",                        SB_OBJECT,  SB_NEW},
  {"results_info.capsule_id",             SB_STRING,  SB_NEW},
  {"results_info.pipeline_id",            SB_STRING,  SB_NEW},
  {"results_info.version",                SB_WHOLE_NUMBER, SB_NEW},
  {"results_info.commit",                 SB_STRING,  SB_NEW},
  {"results_info.run_script",             SB_STRING,  SB_NEW},
  {"results_info.data_assets",            SB_STRINGS, SB_NEW},
  {"results_info.parameters",             SB_LIST,    SB_NEW},
  {"results_info.nextflow_profile",       SB_STRING,  SB_NEW},
  {"results_info.processes",              SB_LIST,    SB_NEW},
  {NULL, SB_STRING, 0}
};

/* The fields of the body under short names: ?2 is the body, ?5 the buckets that
** exist, ?7 whether the fields of the current dialect count. */
#define SENT \
  "WITH said AS (SELECT ?2 AS body," \
  "  coalesce(json_extract(?2, '$.source.aws')," \
  "   CASE WHEN ?7 THEN json_extract(?2, '$.source.gcp') END) AS cloud," \
  "  CASE json_type(?2, '$.source.aws') WHEN 'object' THEN 'aws'" \
  "   ELSE 'gcp' END AS origin," \
  "  CASE WHEN ?7 THEN json_extract(?2, '$.target.aws') END AS target," \
  "  CASE WHEN ?7 AND json_array_length(?2, '$.data_asset_ids') > 0" \
  "   THEN json_extract(?2, '$.data_asset_ids') END AS parts," \
  "  CASE WHEN ?7 THEN json_extract(?2, '$.results_info') END AS results," \
  "  CASE WHEN ?7 THEN json_extract(?2, '$.source.cloud_workstation') END" \
  "   AS workstation, json_extract(?2, '$.source.computation') AS capture)," \
  " run AS (SELECT *, json_extract(cloud, '$.bucket') AS bucket," \
  "  coalesce(json_extract(cloud, '$.keep_on_external_storage'), 0)" \
  "   AS external," \
  "  coalesce(json_extract(capture, '$.id')," \
  "   json_extract(workstation, '$.id')) AS computation," \
  "  coalesce(json_extract(results, '$.run_script')," \
  "   json_extract(workstation, '$.run_script')," \
  "   CASE WHEN capture IS NOT NULL THEN 'code/run' END) AS run_script" \
  "  FROM said)," \
  " sent AS (SELECT *, CASE WHEN NOT " SB_BUCKET_FOUND("?5") \
  "   THEN 'the bucket ' || bucket || ' does not exist' END AS failure" \
  "  FROM run)"

/* The 2022 dialect stores no prefix of an external asset: the asset is the
** whole bucket. A captured result is in no bucket unless a target names one. */
#define SOURCE \
  "CASE WHEN parts IS NOT NULL THEN NULL" \
  " WHEN target IS NOT NULL THEN json_patch('{}', json_object(" \
  "  'origin', 'aws', 'bucket', json_extract(target, '$.bucket')," \
  "  'prefix', json_extract(target, '$.prefix'), 'external', json('true')))" \
  " WHEN bucket IS NULL THEN json_object('origin', 'local', 'bucket', ''," \
  "  'external', json('false'))" \
  " ELSE json_patch('{}', json_object('origin', origin, 'bucket', bucket," \
  "  'prefix'," \
  "  CASE WHEN ?7 OR NOT external THEN json_extract(cloud, '$.prefix') END," \
  "  'external', json(CASE WHEN external THEN 'true' ELSE 'false' END))) END"

#define CONTAINED \
  "CASE WHEN parts IS NOT NULL THEN (SELECT json_group_array(json_object(" \
  "  'id', part.id, 'mount', part.mount, 'size', part.size))" \
  " FROM json_each(parts) AS wanted" \
  " JOIN asset AS part ON part.id = wanted.value) END"

/* json_patch leaves out nulls. */
#define PROVENANCE \
  "CASE WHEN computation IS NOT NULL OR results IS NOT NULL THEN" \
  " json_patch('{}', json_object('computation', computation," \
  "  'run_script', run_script, 'commit', json_extract(results, '$.commit')," \
  "  'capsule', coalesce(json_extract(results, '$.capsule_id')," \
  "   json_extract(results, '$.pipeline_id'))," \
  "  'data_assets', json(json_extract(results, '$.data_assets')))) END"

/* SQL: the parameters of the run, then those of its processes; NULL: none. */
#define PARAMETERS \
  "(SELECT CASE WHEN count(*) > 0 THEN json_group_array(json_patch('{}'," \
  "  json_object('name', coalesce(json_extract(given, '$.name')," \
  "   json_extract(given, '$.param_name'))," \
  "  'value', json_extract(given, '$.value')))) END FROM (" \
  " SELECT value AS given FROM json_each(results, '$.parameters')" \
  "  WHERE type = 'object' UNION ALL SELECT own.value" \
  "  FROM json_each(results, '$.processes') AS process," \
  "   json_each(CASE process.type WHEN 'object' THEN process.value" \
  "    ELSE '{}' END, '$.parameters') AS own WHERE own.type = 'object'))"

/* ?1 is the id, ?3 the time, ?4 when it is ready, ?6 a number from which files
** and size are made. The bucket's keys are not stored. A workstation's files
** are a result only if the body names the script that made them. */
static const char insert_sql[] = SENT
  " INSERT INTO asset (id, name, description, mount, tags, type, created,"
  "  files, size, ready_at, failure, owner, owner_email, source, provenance,"
  "  run_script, commit_id, custom_metadata, contained, app_parameters,"
  "  nextflow_profile)"
  " SELECT ?1, json_extract(body, '$.name'),"
  "  coalesce(json_extract(body, '$.description'), ''),"
  "  json_extract(body, '$.mount'),"
  "  (SELECT json_group_array(value) FROM json_each(body, '$.tags')),"
  "  CASE WHEN parts IS NOT NULL THEN 'combined' WHEN capture IS NOT NULL"
  "   OR results IS NOT NULL"
  "   OR coalesce(json_extract(workstation, '$.run_script'), '') <> ''"
  "   THEN 'result' ELSE 'dataset' END,"
  "  CAST(?3 AS INTEGER),"
  "  CASE WHEN failure IS NULL THEN ?6 % 4096 + 1 ELSE 0 END,"
  "  CASE WHEN failure IS NULL THEN ?6 % 1099511627776 ELSE 0 END,"
  "  ?4, failure, 'you', 'you@example.org', " SOURCE "," PROVENANCE ","
  "  run_script, json_extract(results, '$.commit'),"
  "  CASE WHEN ?7 THEN json_extract(body, '$.custom_metadata') END, " CONTAINED
  ", " PARAMETERS ", json_extract(results, '$.nextflow_profile')"
  " FROM sent";


/* The number that the statement computes from the body, or -1. */
static int64_t number(sb_op *op, const char *sql) {
  sqlite3_stmt *statement = sb_store_prepare(op->store, sql);
  int64_t result = -1;
  if (!statement) return result;
  sqlite3_bind_text(statement, 1, op->body, (int)op->length, SQLITE_STATIC);
  if (sqlite3_step(statement) == SQLITE_ROW)
    result = sqlite3_column_int64(statement, 0);
  sb_store_reset(statement);
  return result;
}


static bool refuse(sb_op *op, const char *message) {
  sb_op_fail(op, 400, "%s", message);
  return false;
}


/* Checks that the body names exactly one origin. */
static bool check_origin(sb_op *op) {
  bool current = op->config->dialect != SB_2022;
  int64_t sources = number(op, current
    ? "SELECT count(*) FROM json_each(?1, '$.source') WHERE type = 'object' AND"
      " key IN ('aws', 'computation', 'gcp', 'cloud_workstation')"
    : "SELECT count(*) FROM json_each(?1, '$.source') WHERE type = 'object' AND"
      " key IN ('aws', 'computation')");
  int64_t parts = !current ? 0 : number(op,
    "SELECT coalesce(json_array_length(?1, '$.data_asset_ids'), 0)");
  if (sources + (parts > 0) == 1) return true;
  return refuse(op, sources + parts == 0
                      ? "source is required: where the data come from"
                      : "source must name one place the data come from");
}


/* Checks fields that are valid only together with others. */
static bool check_together(sb_op *op) {
  if (op->config->dialect == SB_2022) return true;
  if (number(op, "SELECT json_type(?1, '$.target.aws') = 'object' AND"
                 " coalesce(json_type(?1, '$.source.computation'), '')"
                 " <> 'object'") > 0)
    return refuse(op, "target only goes with a computation as source");
  if (number(op, "SELECT json_type(?1, '$.results_info') = 'object' AND"
                 " coalesce(json_extract(?1, '$.results_info.capsule_id'),"
                 "  json_extract(?1, '$.results_info.pipeline_id'), '') = ''")
      > 0)
    return refuse(op, "results_info needs a capsule_id or a pipeline_id");
  return true;
}


static bool check_parts(sb_op *op) {
  if (op->config->dialect == SB_2022) return true;
  int64_t strangers = number(op,
    "SELECT count(*) FROM json_each(?1, '$.data_asset_ids')"
    " WHERE type = 'text' AND value NOT IN (SELECT id FROM asset)");
  if (strangers == 0) return true;
  sb_op_fail(op, 400, "data_asset_ids: %d of them are not data assets",
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
  if (!sb_body_check(op, rules) || !check_origin(op) || !check_together(op)
      || !check_parts(op) || !sb_metadata_check(op))
    return;
  char id[37];
  uint64_t random;
  make_id(id, &random);
  double now = sb_wall();
  double wait = op->tweaks & SB_STUCK_DRAFT ? 1e18
                                              : op->config->ready_after;
  sqlite3_stmt *insert = sb_store_prepare(op->store, insert_sql);
  sb_store_bind(insert, 1, id);
  sqlite3_bind_text(insert, 2, op->body, (int)op->length, SQLITE_STATIC);
  sqlite3_bind_double(insert, 3, now);
  sqlite3_bind_double(insert, 4, now + wait);
  sb_store_bind(insert, 5, op->config->buckets);
  sqlite3_bind_int64(insert, 6, (int64_t)random);
  sqlite3_bind_int(insert, 7, op->config->dialect != SB_2022);
  if (!insert || sb_write(op->store, insert) != 1) {
    sb_op_fail_database(op);
    return;
  }
  /* The answer is a draft even if the asset is ready at once. */
  op->tweaks |= SB_STUCK_DRAFT;
  op->id = id;
  sb_asset_get(op);
  op->id = NULL;
}
