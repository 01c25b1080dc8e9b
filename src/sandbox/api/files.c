/*
** The files of an asset: list_files, their addresses, and the contents at these
** addresses. Every asset has the same small tree; the content of a file is made
** from the asset when it is requested. An address has a signature instead of
** the token, as a bucket's signed address has: for one path, and for GET alone.
*/
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sandbox/api/handlers.h"
#include "sandbox/api/range.h"
#include "sandbox/http/body.h"

#define MAX_FILE 65536

typedef struct tree_file {
  const char *folder, *name;
  const char *type;      /* of the content; NULL: a folder */
  const char *sql;       /* makes the content of the asset with the id ?1 */
} tree_file;

static const char description_sql[] =
  "SELECT json_object('name', name, 'subject_id',"
  " coalesce(json_extract(custom_metadata, '$.subject'), ''),"
  " 'creation_time', strftime('%Y-%m-%dT%H:%M:%SZ', created, 'unixepoch'),"
  " 'modality', json_array(coalesce(json_extract(custom_metadata,"
  " '$.modality'), 'unknown')), 'institution', 'Example Institute',"
  " 'data_level', CASE type WHEN 'result' THEN 'derived' ELSE 'raw' END,"
  " 'data_summary', description, 'license', 'CC-BY-4.0')"
  " FROM asset WHERE id = ?1";

static const char processing_sql[] =
  "SELECT json_object('processing_pipeline', json_object("
  " 'data_processes', json_array(json_object('name', coalesce(run_script,"
  "  'acquisition'), 'code_version', coalesce(commit_id, ''),"
  "  'start_date_time', strftime('%Y-%m-%dT%H:%M:%SZ', created, 'unixepoch'),"
  "  'outputs', json_object('files', files, 'bytes', size)))))"
  " FROM asset WHERE id = ?1";

static const char events_sql[] =
  "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
  "  WHERE i < 199)"
  " SELECT 'time_s,event,value' || char(10) || group_concat(printf("
  "  '%.3f,%s,%d', i * 0.25, CASE i % 4 WHEN 0 THEN 'stimulus'"
  "  WHEN 1 THEN 'lick' WHEN 2 THEN 'reward' ELSE 'wheel' END,"
  "  (created + i * 7919) % 1000), char(10)) || char(10)"
  " FROM n, asset WHERE id = ?1";

static const char recording_sql[] =
  "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
  "  WHERE i < 255)"
  " SELECT group_concat(printf('%016d', (created * 31 + i * 104729)"
  "  % 1000000007), '') FROM n, asset WHERE id = ?1";

static const char json[] = "application/json";

static const tree_file tree[] = {
  {"",     "data",                  NULL, NULL},
  {"",     "data_description.json", json, description_sql},
  {"",     "processing.json",       json, processing_sql},
  {"data", "events.csv",            "text/csv", events_sql},
  {"data", "recording.bin",         "application/octet-stream", recording_sql},
};

#define TREE (sizeof tree / sizeof *tree)

static const sb_rule list_rules[] = {
  {"path", SB_STRING, 0},
  {NULL, SB_STRING, 0}
};


/* Adds the content of a file of an existing asset to `out`. */
static void make_content(sb_op *op, const tree_file *file, sb_text *out) {
  sqlite3_stmt *select = sb_store_prepare(op->store, file->sql);
  sb_store_bind(select, 1, op->id);
  if (select && sqlite3_step(select) == SQLITE_ROW)
    sb_text_add(out, sqlite3_column_text(select, 0),
                (size_t)sqlite3_column_bytes(select, 0));
  sb_store_reset(select);
}


static size_t content_size(sb_op *op, const tree_file *file) {
  sb_text content;
  sb_text_init(&content, MAX_FILE);
  make_content(op, file, &content);
  size_t size = content.length;
  sb_text_free(&content);
  return size;
}


static void add_item(sb_op *op, const tree_file *file) {
  sb_text_printf(op->out,
                 "{\"name\":\"%s\",\"path\":\"%s%s%s\",\"type\":\"%s\"",
                 file->name, file->folder, *file->folder ? "/" : "",
                 file->name, file->type ? "file" : "folder");
  if (file->type)
    sb_text_printf(op->out, ",\"size\":%zu", content_size(op, file));
  sb_text_puts(op->out, "}");
}


/* Lists a folder. A leading or trailing slash of its path does not matter. */
static void list_folder(sb_op *op, char *path) {
  bool any = false;
  path += *path == '/';
  size_t length = strlen(path);
  if (length && path[length - 1] == '/') path[length - 1] = '\0';
  op->status = 200;
  sb_text_puts(op->out, "{\"items\":[");
  for (size_t i = 0; i < TREE; i++) {
    if (strcmp(tree[i].folder, path) != 0) continue;
    if (any) sb_text_puts(op->out, ",");
    add_item(op, &tree[i]);
    any = true;
  }
  sb_text_puts(op->out, "]}");
  if (!any) sb_op_fail(op, 404, "the data asset has no folder %s", path);
}


/* Checks that the asset is ready and internal: the platform lists and serves
** only files that it stores itself. */
static bool check_internal(sb_op *op) {
  if (!sb_op_is_ready(op)) return false;
  sqlite3_stmt *select = sb_store_prepare(op->store,
    "SELECT coalesce(json_extract(source, '$.external'), 0) FROM asset"
    " WHERE id = ?1");
  sb_store_bind(select, 1, op->id);
  bool external = select && sqlite3_step(select) == SQLITE_ROW
                  && sqlite3_column_int(select, 0);
  sb_store_reset(select);
  if (external)
    sb_op_fail(op, 400, "only internal data assets have their files listed");
  return !external;
}


static char *path_in_body(sb_op *op) {
  sqlite3_stmt *select = sb_store_prepare(op->store,
    "SELECT coalesce(json_extract(?1, '$.path'), '')");
  char *path = NULL;
  sqlite3_bind_text(select, 1, op->body, (int)op->length, SQLITE_STATIC);
  if (select && sqlite3_step(select) == SQLITE_ROW)
    path = strdup((const char *)sqlite3_column_text(select, 0));
  sb_store_reset(select);
  return path;
}


/* The path is in the body (POST), or a parameter if there is no body (GET). The
** platform's own client has used both. */
void sb_asset_list_files(sb_op *op) {
  if (op->length > 0 && !sb_body_check(op, list_rules)) return;
  if (!check_internal(op)) return;
  char *path = op->length > 0 ? path_in_body(op)
                              : sb_op_parameter(op, "path");
  char root[] = "";
  list_folder(op, path ? path : root);
  free(path);
}


static const tree_file *find_file(const char *path) {
  size_t folder = strchr(path, '/') ? (size_t)(strchr(path, '/') - path) : 0;
  const char *name = path + folder + (folder > 0);
  for (size_t i = 0; i < TREE; i++)
    if (tree[i].type && strcmp(tree[i].name, name) == 0
        && strlen(tree[i].folder) == folder
        && strncmp(tree[i].folder, path, folder) == 0)
      return &tree[i];
  return NULL;
}


/* Signs a path. The token goes in first and last: each step can be inverted by
** anyone who knows its input, so with the token at one end only, one signature
** would give others. */
static uint64_t sign(const sb_op *op, const char *path) {
  const char *const token = op->config->token;
  const char *const parts[] = {token, op->id, path, token};
  uint64_t hash = 0;
  for (int i = 0; i < 4; i++)
    for (const char *c = parts[i]; ; c++) {
      hash = sb_mix(hash ^ (unsigned char)*c);
      if (!*c) break;
    }
  return hash;
}


/* The path of an existing file, to be freed; NULL: the operation has failed. */
static char *file_parameter(sb_op *op) {
  if (!check_internal(op)) return NULL;
  char *path = sb_op_parameter(op, "path");
  const char *rest = path ? path + (*path == '/') : "";
  char *found = find_file(rest) ? strdup(rest) : NULL;
  if (!found) sb_op_fail(op, 404, "the data asset has no file %s", rest);
  free(path);
  return found;
}


static void add_url(sb_op *op, const char *name, const char *path) {
  sb_text_printf(op->out, "\"%s\":\"http://127.0.0.1:%u" SB_FILES
                 "/%s/%s?signature=%016llx\"", name, op->port, op->id, path,
                 (unsigned long long)sign(op, path));
}


void sb_asset_file_urls(sb_op *op) {
  char *path = file_parameter(op);
  if (!path) return;
  op->status = 200;
  sb_text_puts(op->out, "{");
  add_url(op, "download_url", path);
  sb_text_puts(op->out, ",");
  add_url(op, "view_url", path);
  sb_text_puts(op->out, "}");
  free(path);
}


/* The older form of file_urls, with one address. */
void sb_asset_file_download_url(sb_op *op) {
  char *path = file_parameter(op);
  if (!path) return;
  op->status = 200;
  sb_text_puts(op->out, "{");
  add_url(op, "url", path);
  sb_text_puts(op->out, "}");
  free(path);
}


/* Fails with an XML error, as an object store does. */
static void refuse_file(sb_op *op, int status, const char *code,
                        const char *message) {
  op->status = status;
  op->type = "application/xml";
  sb_text_reset(op->out);
  sb_text_printf(op->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<Error><Code>%s</Code><Message>%s</Message></Error>", code,
                 message);
}


/* Sets the headers about the content: its tag, and when it was made. */
static void describe_content(sb_op *op) {
  uint64_t hash = op->out->length, other = ~hash;
  for (size_t i = 0; i < op->out->length; i++) {
    hash = sb_mix(hash ^ (unsigned char)op->out->bytes[i]);
    other = sb_mix(other + hash);
  }
  snprintf(op->etag, sizeof op->etag, "\"%016" PRIx64 "%016" PRIx64 "\"", hash,
           other);
  sqlite3_stmt *select = sb_store_prepare(op->store,
    "SELECT created FROM asset WHERE id = ?1");
  sb_store_bind(select, 1, op->id);
  time_t created = select && sqlite3_step(select) == SQLITE_ROW
                     ? (time_t)sqlite3_column_int64(select, 0) : 0;
  struct tm day;
  gmtime_r(&created, &day);
  strftime(op->modified, sizeof op->modified, "%a, %d %b %Y %H:%M:%S GMT",
           &day);
  sb_store_reset(select);
}


/* Whether If-Range is absent or names the present content. */
static bool is_unchanged(const sb_op *op, const char *if_range) {
  return !if_range || strcmp(if_range, op->etag) == 0
         || strcmp(if_range, op->modified) == 0;
}


/* Cuts the answer to the range in the header Range. */
static void cut_range(sb_op *op, const char *range) {
  size_t total = op->out->length, first, last;
  sb_range kind = sb_range_read(range, total, &first, &last);
  if (kind == SB_ALL) return;
  if (kind == SB_OUTSIDE) {
    refuse_file(op, 416, "InvalidRange", "The range is not satisfiable.");
    snprintf(op->content_range, sizeof op->content_range, "bytes */%zu", total);
    return;
  }
  op->status = 206;
  snprintf(op->content_range, sizeof op->content_range, "bytes %zu-%zu/%zu",
           first, last, total);
  sb_text_cut(op->out, last + 1);
  sb_text_drop(op->out, first);
}


static void send_file(sb_op *op, const tree_file *file,
                      const sb_file_headers *sent) {
  op->status = 200;
  op->type = file->type;
  make_content(op, file, op->out);
  describe_content(op);
  if (sent->if_none_match && sb_tags_have(sent->if_none_match, op->etag)) {
    op->status = 304;
    sb_text_reset(op->out);
  } else if (is_unchanged(op, sent->if_range)) {
    cut_range(op, sent->range);
  }
}


void sb_file_read(sb_op *op, const char *rest, const sb_file_headers *sent) {
  char id[SB_ID_SIZE] = "";
  size_t length = strcspn(rest, "/");
  const char *path = rest[length] ? rest + length + 1 : "";
  if (length < sizeof id) memcpy(id, rest, length);
  op->id = id;
  char *signature = sb_op_parameter(op, "signature");
  char right[20];
  snprintf(right, sizeof right, "%016llx", (unsigned long long)sign(op, path));
  const tree_file *file = find_file(path);
  if (!signature || strcmp(signature, right) != 0 || !file
      || strcmp(sent->method, "GET") != 0)
    refuse_file(op, 403, "SignatureDoesNotMatch",
                "The signature is not that of this path and of GET.");
  else if (check_internal(op))
    send_file(op, file, sent);
  free(signature);
  op->id = NULL;
}
