/*
** The assets: one SQLite database, its schema and its prepared statements.
*/
#include "sandbox/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_STATEMENTS 64

/* Marks the file as ours ("cosb"), so that start refuses to fill another
** program's database. */
#define APPLICATION_ID 0x636F7362
#define VERSION 2   /* of the schema */

/* Where SQLite's file format has them, as big-endian numbers. */
#define HEADER_SIZE 100
#define AT_USER_VERSION 60
#define AT_APPLICATION_ID 68

struct sb_store {
  sqlite3 *db;
  sb_claim *claim;   /* NULL in memory */
  char estate[SB_ESTATE_SIZE];
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
  "CREATE TABLE estate (id TEXT NOT NULL);"
  "INSERT INTO estate VALUES (lower(hex(randomblob(16))));"
  "PRAGMA application_id = 1668248418;"
  "PRAGMA user_version = 2;";

_Static_assert(APPLICATION_ID == 1668248418 && VERSION == 2,
               "the schema writes them in decimal");


static uint32_t number_at(const unsigned char *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16
         | (uint32_t)bytes[2] << 8 | bytes[3];
}


static bool read_estate(sb_store *store) {
  sqlite3_stmt *select = NULL;
  bool found = sqlite3_prepare_v2(store->db, "SELECT id FROM estate", -1,
                                  &select, NULL) == SQLITE_OK
               && sqlite3_step(select) == SQLITE_ROW;
  if (found)
    snprintf(store->estate, sizeof store->estate, "%s",
             (const char *)sqlite3_column_text(select, 0));
  sqlite3_finalize(select);
  return found;
}


static int64_t read_number(sqlite3 *db, const char *sql) {
  sqlite3_stmt *statement = NULL;
  int64_t number = -1;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step(statement) == SQLITE_ROW)
    number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return number;
}


/* Whether the file may be opened: 1 ours, 0 empty, -1 neither and a message.
** Reads its header without SQLite, which might write to what it opens. */
static int check_header(int fd, sb_text *error) {
  unsigned char header[HEADER_SIZE];
  struct stat info;
  bool regular = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  if (regular && info.st_size == 0) return 0;
  if (!regular || pread(fd, header, sizeof header, 0) != sizeof header
      || memcmp(header, "SQLite format 3", 16) != 0
      || number_at(header + AT_APPLICATION_ID) != APPLICATION_ID) {
    sb_text_puts(error, "is not a database of this sandbox");
    return -1;
  }
  uint32_t version = number_at(header + AT_USER_VERSION);
  if (version == VERSION) return 1;
  sb_text_printf(error, "was made by %s release of the sandbox",
                 version < VERSION ? "an older" : "a newer");
  return -1;
}


/* A new file is for its owner alone: it may take in a copy of a real estate.
** SQLite's files beside it follow its mode. */
static int check_file(const char *path, int flags, sb_text *error) {
  int fd = open(path, flags | O_NONBLOCK | O_CLOEXEC, 0600);
  if (fd < 0) {
    sb_text_puts(error, strerror(errno));
    return -1;
  }
  int result = check_header(fd, error);
  close(fd);
  return result;
}


/* Held exclusively: nobody else may change what we have cached. With a
** rollback journal the file alone is whole whenever no write is under way. */
static int open_database(sb_store *store, const char *path, bool is_new,
                         sb_text *error) {
  static const char settings[] = "PRAGMA locking_mode = EXCLUSIVE;"
    "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF;"
    "PRAGMA cache_size = -65536;";
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path, &store->db, flags, NULL) == SQLITE_OK
      && sqlite3_exec(store->db, settings, NULL, NULL, NULL) == SQLITE_OK
      && sqlite3_exec(store->db, "BEGIN EXCLUSIVE", NULL, NULL, NULL)
           == SQLITE_OK
      && (!is_new
          || sqlite3_exec(store->db, schema, NULL, NULL, NULL) == SQLITE_OK)
      && sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK
      && read_estate(store))
    return 0;
  sb_text_puts(error, store->db ? sqlite3_errmsg(store->db) : "out of memory");
  return -1;
}


static bool is_memory(const char *path) {
  return strcmp(path, ":memory:") == 0;
}


/* A foreign file is refused before anything is made beside it. */
static int prepare_file(sb_store *store, const char *path, sb_text *error) {
  struct stat info;
  if (stat(path, &info) == 0 && check_file(path, O_RDONLY, error) < 0)
    return -1;
  store->claim = sb_claim_take(path, error);
  int kind = store->claim ? check_file(path, O_RDWR | O_CREAT, error) : -1;
  return kind < 0 ? -1 : open_database(store, path, kind == 0, error);
}


sb_store *sb_store_open(const char *path, sb_text *error) {
  sb_text why;
  sb_store *store = calloc(1, sizeof *store);
  if (!store) return NULL;
  sb_text_init(&why, 1000);
  int result = is_memory(path) ? open_database(store, path, true, &why)
                               : prepare_file(store, path, &why);
  if (result != 0)
    sb_text_printf(error, "%s: %s", path, why.length ? why.bytes
                                                     : "out of memory");
  sb_text_free(&why);
  if (result == 0) return store;
  sb_store_close(store);
  return NULL;
}


sb_store *sb_store_open_to_read(const char *path, sb_text *error) {
  sb_text why;
  sb_store *store = calloc(1, sizeof *store);
  if (!store) return NULL;
  sb_text_init(&why, 1000);
  int kind = check_file(path, O_RDONLY, &why);
  if (kind == 0) sb_text_puts(&why, "is empty");
  int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
  bool opened = kind == 1 && sqlite3_open_v2(path, &store->db, flags, NULL)
                               == SQLITE_OK && read_estate(store);
  if (!opened)
    sb_text_printf(error, "%s: %s", path, why.length ? why.bytes
                                          : sqlite3_errmsg(store->db));
  sb_text_free(&why);
  if (opened) return store;
  sb_store_close(store);
  return NULL;
}


void sb_store_close(sb_store *store) {
  if (!store) return;
  for (int i = 0; i < store->count; i++)
    sqlite3_finalize(store->cache[i].statement);
  sqlite3_close(store->db);
  sb_claim_release(store->claim);
  free(store);
}


const char *sb_store_estate(const sb_store *store) {
  return store->estate;
}


sb_claim *sb_store_claim(sb_store *store) {
  return store->claim;
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
  return read_number(store->db, "SELECT EXISTS (SELECT 1 FROM asset)") == 0;
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
