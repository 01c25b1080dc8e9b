/*
** What the current dialect has besides the six operations: who may see an
** asset, what files it has, and its move to another bucket.
*/
#include <stdlib.h>
#include <string.h>

#include "sandbox/body.h"
#include "sandbox/handlers.h"

/* Every asset has the same tree. Of the asset's bytes a file has so many
** percent; of none of them, a few all the same. */
static const struct { const char *folder, *name; int percent; } tree[] = {
  {"",     "data",                  -1},    /* a folder */
  {"",     "data_description.json",  0},
  {"",     "subject.json",           0},
  {"data", "recording.bin",         93},
  {"data", "events.csv",             7},
};

#define TREE (sizeof tree / sizeof *tree)

static const sb_rule permit_rules[] = {
  {"users",        SB_LIST,    0},
  {"groups",       SB_LIST,    0},
  {"everyone",     SB_STRING,  0},
  {"share_assets", SB_BOOLEAN, 0},
  {NULL, SB_STRING, 0}
};

static const sb_rule files_rules[] = {
  {"path", SB_STRING, 0},
  {NULL, SB_STRING, 0}
};

static const sb_rule transfer_rules[] = {
  {"target",            SB_CLOSED,  SB_NEEDED},
  {"target.aws",        SB_CLOSED,  SB_NEEDED},
  {"target.aws.bucket", SB_STRING,  SB_NEEDED},
  {"target.aws.prefix", SB_STRING,  0},
  {"force",             SB_BOOLEAN, 0},
  {NULL, SB_STRING, 0}
};


/* Answers with the one text that the statement, given the id, finds. */
static void answer_text(sb_op *op, const char *sql) {
  sqlite3_stmt *select = sb_store_prepare(op->store, sql);
  sb_store_bind(select, 1, op->id);
  op->status = 200;
  if (select && sqlite3_step(select) == SQLITE_ROW)
    sb_text_add(op->out, sqlite3_column_text(select, 0),
                (size_t)sqlite3_column_bytes(select, 0));
  else
    sb_op_fail(op, 404, "no data asset has the id %s", op->id);
  sb_store_done(select);
}


void sb_asset_get_permissions(sb_op *op) {
  answer_text(op, "SELECT coalesce(permissions, json_object("
    "'users', json_array(json_object('email', owner || '@example.org',"
    " 'role', 'owner')), 'groups', json('[]'), 'everyone', 'none',"
    "'share_assets', json('false'))) FROM asset WHERE id = ?1");
}


/* Roles are the platform's, in the order of what they allow. */
static bool check_roles(sb_op *op) {
  sqlite3_stmt *wrong = sb_store_prepare(op->store,
    "SELECT json_extract(value, '$.role') FROM ("
    " SELECT value FROM json_each(?1, '$.users')"
    " UNION ALL SELECT value FROM json_each(?1, '$.groups')"
    " UNION ALL SELECT json_object('role', json_extract(?1, '$.everyone'))"
    "  WHERE json_type(?1, '$.everyone') = 'text')"
    " WHERE coalesce(json_extract(value, '$.role'), '') NOT IN"
    "  ('owner', 'editor', 'viewer', 'discoverable', 'none')");
  sqlite3_bind_text(wrong, 1, op->body, (int)op->length, SQLITE_STATIC);
  bool good = wrong && sqlite3_step(wrong) != SQLITE_ROW;
  if (!good)
    sb_op_fail(op, 400, "a role must be owner, editor, viewer,"
                 " discoverable or none");
  sb_store_done(wrong);
  return good;
}


void sb_asset_set_permissions(sb_op *op) {
  if (!sb_body_check(op, permit_rules) || !check_roles(op)) return;
  sqlite3_stmt *update = sb_store_prepare(op->store,
    "UPDATE asset SET permissions = json_patch(coalesce(permissions, '{}'),"
    " json(?2)) WHERE id = ?1");
  sqlite3_bind_text(update, 2, op->body, (int)op->length, SQLITE_STATIC);
  if (sb_op_write(op, update)) sb_op_answer_empty(op);
}


/* The asset's size, once it is ready. -1: the call has failed. */
static int64_t size_when_ready(sb_op *op) {
  sqlite3_stmt *select = sb_store_prepare(op->store,
    "SELECT size, ready_at > ?2 OR failure IS NOT NULL FROM asset"
    " WHERE id = ?1");
  int64_t size = -1;
  sb_store_bind(select, 1, op->id);
  sqlite3_bind_double(select, 2, sb_wall());
  if (!select || sqlite3_step(select) != SQLITE_ROW)
    sb_op_fail(op, 404, "no data asset has the id %s", op->id);
  else if (sqlite3_column_int(select, 1))
    sb_op_fail(op, 400, "the data asset is not ready");
  else
    size = sqlite3_column_int64(select, 0);
  sb_store_done(select);
  return size;
}


static void add_item(sb_text *out, size_t index, int64_t size) {
  const char *folder = tree[index].folder;
  sb_text_printf(out, "{\"name\":\"%s\",\"path\":\"%s%s%s\",\"type\":\"%s\"",
                 tree[index].name, folder, *folder ? "/" : "",
                 tree[index].name, tree[index].percent < 0 ? "folder" : "file");
  long long bytes = size / 100 * tree[index].percent;
  if (bytes >= 0) sb_text_printf(out, ",\"size\":%lld", bytes ? bytes : 512);
  sb_text_puts(out, "}");
}


static void list_folder(sb_op *op, const char *path, int64_t size) {
  bool any = false;
  op->status = 200;
  sb_text_puts(op->out, "{\"items\":[");
  for (size_t i = 0; i < TREE; i++) {
    if (strcmp(tree[i].folder, path) != 0) continue;
    if (any) sb_text_puts(op->out, ",");
    add_item(op->out, i, size);
    any = true;
  }
  sb_text_puts(op->out, "]}");
  if (!any) sb_op_fail(op, 404, "the data asset has no folder %s", path);
}


static char *path_in_body(sb_op *op) {
  sqlite3_stmt *select = sb_store_prepare(op->store,
    "SELECT coalesce(json_extract(?1, '$.path'), '')");
  char *path = NULL;
  sqlite3_bind_text(select, 1, op->body, (int)op->length, SQLITE_STATIC);
  if (select && sqlite3_step(select) == SQLITE_ROW)
    path = strdup((const char *)sqlite3_column_text(select, 0));
  sb_store_done(select);
  return path;
}


/* By GET the path is a parameter, by POST it is in the body: the platform's
** own client has done both. */
void sb_asset_list_files(sb_op *op) {
  if (op->length > 0 && !sb_body_check(op, files_rules)) return;
  int64_t size = size_when_ready(op);
  if (size < 0) return;
  char *path = op->length > 0 ? path_in_body(op)
                                : sb_op_parameter(op, "path");
  list_folder(op, path ? path : "", size);
  free(path);
}


static bool is_file(const char *path) {
  size_t folder = strchr(path, '/') ? (size_t)(strchr(path, '/') - path) : 0;
  const char *name = path + folder + (folder > 0);
  for (size_t i = 0; i < TREE; i++)
    if (tree[i].percent >= 0 && strcmp(tree[i].name, name) == 0
        && strlen(tree[i].folder) == folder
        && strncmp(tree[i].folder, path, folder) == 0)
      return true;
  return false;
}


void sb_asset_file_urls(sb_op *op) {
  if (size_when_ready(op) < 0) return;
  char *path = sb_op_parameter(op, "path");
  op->status = 200;
  if (!path || !is_file(path))
    sb_op_fail(op, 404, "the data asset has no file %s", path ? path : "");
  else
    sb_text_printf(op->out,
      "{\"download_url\":\"https://storage.invalid/%s/%s?signature=1\","
      "\"view_url\":\"https://storage.invalid/%s/%s?signature=2\"}",
      op->id, path, op->id, path);
  free(path);
}


/* The move is done at once. A bucket that is not there leaves the asset where
** it was and its reason in transfer_error, as a failed move does. */
void sb_asset_transfer(sb_op *op) {
  if (!sb_body_check(op, transfer_rules) || size_when_ready(op) < 0) return;
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
