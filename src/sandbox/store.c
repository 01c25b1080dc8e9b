/*
** The assets: one SQLite database, its schema and its prepared statements.
*/
#include "sandbox/store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_STATEMENTS 64

/* Marks the file as ours ("cosb"), so that start refuses to fill another
** program's database. */
#define APPLICATION_ID 0x636F7362

struct sb_store {
  sqlite3 *db;
  uint64_t version;
  int count;
  struct { const char *sql; sqlite3_stmt *statement; } cache[MAX_STATEMENTS];
};

/* What is made anew when many rows were put in at once. */
#define INDEXES \
  "CREATE UNIQUE INDEX asset_id ON asset (id);" \
  "CREATE INDEX asset_created ON asset (archived, created);" \
  "CREATE TRIGGER asset_insert AFTER INSERT ON asset BEGIN" \
  "  INSERT INTO words (rowid, name, description, tags, run_script," \
  "    commit_id) VALUES (new.row, new.name, new.description, new.tags," \
  "    new.run_script, new.commit_id); END;"

/* `ready_at` is wall time: it must mean the same after a restart. An asset
** is a draft before it; after it `failure` decides between failed and ready.
** `words` is the index of `query`, kept in step by the triggers. */
static const char schema[] =
  "CREATE TABLE asset ("
  "  row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL,"
  "  name TEXT NOT NULL, description TEXT NOT NULL, mount TEXT,"
  "  tags TEXT NOT NULL, type TEXT NOT NULL, created INTEGER NOT NULL,"
  "  last_used INTEGER NOT NULL DEFAULT 0, files INTEGER NOT NULL,"
  "  size INTEGER NOT NULL, ready_at REAL NOT NULL, failure TEXT,"
  "  archived INTEGER NOT NULL DEFAULT 0, favorite INTEGER NOT NULL DEFAULT 0,"
  "  shared INTEGER NOT NULL DEFAULT 0, owner TEXT, run_script TEXT,"
  "  commit_id TEXT, source TEXT, provenance TEXT, custom_metadata TEXT,"
  "  contained TEXT, permissions TEXT, last_transferred INTEGER,"
  "  transfer_error TEXT,"
  "  extra TEXT NOT NULL DEFAULT '{}');"
  "CREATE VIRTUAL TABLE words USING fts5 (name, description, tags,"
  "  run_script, commit_id, content='asset', content_rowid='row');"
  INDEXES
  "CREATE TRIGGER asset_delete AFTER DELETE ON asset BEGIN"
  "  INSERT INTO words (words, rowid, name, description, tags, run_script,"
  "    commit_id) VALUES ('delete', old.row, old.name, old.description,"
  "    old.tags, old.run_script, old.commit_id); END;"
  "CREATE TRIGGER asset_update AFTER UPDATE OF name, description, tags ON asset"
  " BEGIN"
  "  INSERT INTO words (words, rowid, name, description, tags, run_script,"
  "    commit_id) VALUES ('delete', old.row, old.name, old.description,"
  "    old.tags, old.run_script, old.commit_id);"
  "  INSERT INTO words (rowid, name, description, tags, run_script,"
  "    commit_id) VALUES (new.row, new.name, new.description, new.tags,"
  "    new.run_script, new.commit_id); END;"
  "PRAGMA application_id = 1668248418;"
  "PRAGMA user_version = 1;";

_Static_assert(APPLICATION_ID == 1668248418, "the schema writes it in decimal");


static int64_t ask_number(sqlite3 *db, const char *sql) {
  sqlite3_stmt *statement = NULL;
  int64_t number = -1;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step(statement) == SQLITE_ROW)
    number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return number;
}


static bool is_ours(sqlite3 *db) {
  return ask_number(db, "PRAGMA application_id") == APPLICATION_ID
         && ask_number(db, "PRAGMA user_version") == 1;
}


/* Held exclusively: nobody else may change what we have cached. */
static int prepare_file(sb_store *store, sb_text *error) {
  sqlite3 *db = store->db;
  sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE;"
               "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
               "PRAGMA cache_size = -65536;", NULL, NULL, NULL);
  if (sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK)
    return -1;
  int64_t tables = ask_number(db, "SELECT count(*) FROM sqlite_schema");
  if (tables > 0 && !is_ours(db)) {
    sb_text_puts(error, "is not a database of this sandbox");
    return -1;
  }
  if (tables == 0 && sqlite3_exec(db, schema, NULL, NULL, NULL) != SQLITE_OK)
    return -1;
  return sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK ? 0 : -1;
}


/* A new file is for its owner alone: it may take in a copy of a real estate.
** SQLite's files beside it follow its mode. */
static void create_private(const char *path) {
  if (path[0] == ':' || path[0] == '\0') return;
  int fd = open(path, O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) close(fd);
}


sb_store *sb_store_open(const char *path, sb_text *error) {
  sb_store *store = calloc(1, sizeof *store);
  if (!store) return NULL;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  sb_text why;
  sb_text_init(&why, 1000);
  create_private(path);
  if (sqlite3_open_v2(path, &store->db, flags, NULL) == SQLITE_OK
      && prepare_file(store, &why) == 0) {
    sb_text_free(&why);
    return store;
  }
  sb_text_printf(error, "%s: %s", path,
                 why.length ? why.bytes : sqlite3_errmsg(store->db));
  sb_text_free(&why);
  sb_store_close(store);
  return NULL;
}


void sb_store_close(sb_store *store) {
  if (!store) return;
  for (int i = 0; i < store->count; i++)
    sqlite3_finalize(store->cache[i].statement);
  sqlite3_close(store->db);
  free(store);
}


sqlite3 *sb_store_db(sb_store *store) {
  return store->db;
}


sqlite3_stmt *sb_store_prepare(sb_store *store, const char *sql) {
  for (int i = 0; i < store->count; i++)
    if (store->cache[i].sql == sql) return store->cache[i].statement;
  if (store->count == MAX_STATEMENTS) return NULL;
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                         &statement, NULL) != SQLITE_OK)
    return NULL;
  store->cache[store->count].sql = sql;
  store->cache[store->count++].statement = statement;
  return statement;
}


int sb_store_fill(sb_store *store, int (*insert)(sb_store *, void *),
                  void *closure) {
  sqlite3 *db = store->db;
  static const char begin[] = "BEGIN; DROP TRIGGER asset_insert;"
    "DROP INDEX asset_created; DROP INDEX asset_id";
  static const char end[] = "INSERT INTO words (words) VALUES ('rebuild');"
    INDEXES "COMMIT";
  if (sqlite3_exec(db, begin, NULL, NULL, NULL) == SQLITE_OK
      && insert(store, closure) == 0
      && sqlite3_exec(db, end, NULL, NULL, NULL) == SQLITE_OK)
    return 0;
  sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return -1;
}


bool sb_store_empty(sb_store *store) {
  return ask_number(store->db, "SELECT EXISTS (SELECT 1 FROM asset)") == 0;
}


void sb_store_done(sqlite3_stmt *statement) {
  if (!statement) return;
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
}


void sb_store_bind(sqlite3_stmt *statement, int index, const char *text) {
  sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}


int sb_store_write(sb_store *store, sqlite3_stmt *statement) {
  store->version++;
  int result = sqlite3_step(statement);
  sb_store_done(statement);
  return result == SQLITE_DONE ? sqlite3_changes(store->db) : -1;
}


uint64_t sb_store_version(const sb_store *store) {
  return store->version;
}


/* The faces ----------------------------------------------------------------
** ?2 is the time, ?3 keeps a draft a draft, ?4 hides the custom metadata.
** json_patch leaves out what is null, and puts the fields the server knows
** above those it only kept. The custom metadata go in beneath the patch,
** since their own nulls are the user's. */

#define DRAFT "(?3 OR ready_at > ?2)"
#define STATE "CASE WHEN " DRAFT " THEN 'draft' WHEN failure IS NULL" \
              " THEN 'ready' ELSE 'failed' END"
#define UNLESS_DRAFT(column) "CASE WHEN " DRAFT " THEN 0 ELSE " column " END"
#define BOTH_HAVE \
  "'created', created, 'description', description," \
  "'files', " UNLESS_DRAFT("files") ", 'id', id, 'name', name," \
  "'tags', json(tags)," \
  "'failure_reason', CASE WHEN " DRAFT " THEN NULL ELSE failure END"
#define LONG_HAS \
  "'lastUsed', last_used, 'sizeInBytes', " UNLESS_DRAFT("size") "," \
  "'state', 'DATA_ASSET_STATE_' || upper(" STATE ")," \
  "'type', 'DATA_ASSET_TYPE_' || upper(type)"
#define SHORT_HAS \
  "'last_used', last_used, 'size', " UNLESS_DRAFT("size") "," \
  "'state', " STATE ", 'type', type"
#define PLUS_HAS \
  "'mount', mount, 'owner', owner, 'source_bucket', json(source)," \
  "'provenance', json(provenance), 'contained_data_assets', json(contained)," \
  "'last_transferred', last_transferred, 'transfer_error', transfer_error"
#define KEPT "extra"
#define KEPT_PLUS \
  "CASE WHEN ?4 OR custom_metadata IS NULL THEN extra" \
  " ELSE json_set(extra, '$.custom_metadata', json(custom_metadata)) END"
#define FACE(kept, fields, where) \
  "SELECT json_patch(" kept ", json_object(" fields "))" \
  " FROM asset WHERE " where " = ?1"
#define FACES(where) { \
  FACE(KEPT, BOTH_HAVE "," LONG_HAS, where), \
  FACE(KEPT, BOTH_HAVE "," SHORT_HAS, where), \
  FACE(KEPT_PLUS, BOTH_HAVE "," LONG_HAS "," PLUS_HAS, where), \
  FACE(KEPT_PLUS, BOTH_HAVE "," SHORT_HAS "," PLUS_HAS, where), \
}

static const char *const by_id[] = FACES("id");
static const char *const by_row[] = FACES("row");


static int show(sqlite3_stmt *statement, unsigned tweaks, sb_text *out) {
  sqlite3_bind_double(statement, 2, sb_wall());
  sqlite3_bind_int(statement, 3, (tweaks & SB_STUCK_DRAFT) != 0);
  /* Not every face has ?4; where it is missing the bind fails harmlessly. */
  sqlite3_bind_int(statement, 4, (tweaks & SB_DROP_METADATA) != 0);
  int result = sqlite3_step(statement);
  if (result == SQLITE_ROW)
    sb_text_add(out, sqlite3_column_text(statement, 0),
                (size_t)sqlite3_column_bytes(statement, 0));
  sb_store_done(statement);
  return result == SQLITE_ROW ? 1 : result == SQLITE_DONE ? 0 : -1;
}


int sb_store_show(sb_store *store, const char *id, sb_spelling face,
                  unsigned tweaks, sb_text *out) {
  sqlite3_stmt *statement = sb_store_prepare(store, by_id[face]);
  if (!statement) return -1;
  sb_store_bind(statement, 1, id);
  return show(statement, tweaks, out);
}


int sb_store_show_row(sb_store *store, int64_t row, sb_spelling face,
                      unsigned tweaks, sb_text *out) {
  sqlite3_stmt *statement = sb_store_prepare(store, by_row[face]);
  if (!statement) return -1;
  sqlite3_bind_int64(statement, 1, row);
  return show(statement, tweaks, out);
}
