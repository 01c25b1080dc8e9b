/*
** The assets: one SQLite database, its schema and its prepared statements. Of
** this folder it uses schema.c only.
*/
#include "sandbox/estate/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox/estate/schema.h"

#define MAX_STATEMENTS 64

/* Offsets of big-endian numbers in the header of SQLite's file format. */
#define HEADER_SIZE 100
#define AT_USER_VERSION 60
#define AT_APPLICATION_ID 68

struct sb_store {
  sqlite3 *db;
  sb_claim *claim;   /* NULL in memory */
  char estate[SB_ESTATE_SIZE];
  uint64_t version;
  double lag;        /* see sb_store_lag */
  int count;
  struct { const char *sql; sqlite3_stmt *statement; } cache[MAX_STATEMENTS];
};

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


/* Returns 1 if the file is a sandbox's, 0 if it is empty, -1 and a message
** otherwise. Reads the header without SQLite, which might write to a file that
** it opens. */
static int check_header(int fd, sb_text *error) {
  unsigned char header[HEADER_SIZE];
  struct stat info;
  bool regular = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  if (regular && info.st_size == 0) return 0;
  if (!regular || pread(fd, header, sizeof header, 0) != sizeof header
      || memcmp(header, "SQLite format 3", 16) != 0
      || number_at(header + AT_APPLICATION_ID) != SB_APPLICATION_ID) {
    sb_text_puts(error, "is not a database of this sandbox");
    return -1;
  }
  uint32_t version = number_at(header + AT_USER_VERSION);
  if (version == SB_SCHEMA_VERSION) return 1;
  sb_text_printf(error, "was made by %s release of the sandbox",
                 version < SB_SCHEMA_VERSION ? "an older" : "a newer");
  return -1;
}


/* Checks the file, or makes it; returns as check_header. A new file is private
** to its owner, since it may hold the metadata of a real deployment; SQLite
** gives its other files the same mode. */
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


/* Opens the database exclusively, since another process must not change what is
** cached here. With a rollback journal the file is complete by itself whenever
** no write is under way. */
static int open_database(sb_store *store, const char *path, bool is_new,
                         sb_text *error) {
  /* The change from PERSIST to DELETE removes the journal that a killed server
  ** left. The pages are large, so that there are fewer: a commit looks at every
  ** cached page. */
  static const char settings[] = "PRAGMA journal_mode = PERSIST;"
    "PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE;"
    "PRAGMA synchronous = OFF; PRAGMA page_size = 8192;"
    "PRAGMA cache_size = -65536;";
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path, &store->db, flags, NULL) == SQLITE_OK
      && sqlite3_exec(store->db, settings, NULL, NULL, NULL) == SQLITE_OK
      && sqlite3_exec(store->db, "BEGIN EXCLUSIVE", NULL, NULL, NULL)
           == SQLITE_OK
      && (!is_new
          || sqlite3_exec(store->db, sb_schema, NULL, NULL, NULL) == SQLITE_OK)
      && sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK
      && sqlite3_exec(store->db, SB_SHOWN, NULL, NULL, NULL) == SQLITE_OK
      && read_estate(store))
    return 0;
  sb_text_puts(error, store->db ? sqlite3_errmsg(store->db) : "out of memory");
  return -1;
}


static bool is_memory(const char *path) {
  return strcmp(path, ":memory:") == 0;
}


/* Refuses a file of another program before anything is made beside it. */
static int prepare_file(sb_store *store, const char *path, sb_text *error) {
  struct stat info;
  if (stat(path, &info) == 0 && check_file(path, O_RDONLY, error) < 0)
    return -1;
  store->claim = sb_claim_acquire(path, error);
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
  if (kind == 1 && !opened)
    sb_text_puts(&why, sqlite3_errcode(store->db) == SQLITE_BUSY
                         ? "is locked by another process"
                         : sqlite3_errmsg(store->db));
  if (!opened) sb_text_printf(error, "%s: %s", path, why.bytes);
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


bool sb_store_empty(sb_store *store) {
  return read_number(store->db, "SELECT EXISTS (SELECT 1 FROM asset)") == 0;
}


void sb_store_reset(sqlite3_stmt *statement) {
  if (!statement) return;
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
}


void sb_store_bind(sqlite3_stmt *statement, int index, const char *text) {
  sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}


bool sb_store_run(sb_store *store, const char *sql) {
  sqlite3_stmt *statement = sb_store_prepare(store, sql);
  int result = statement ? sqlite3_step(statement) : SQLITE_ERROR;
  sb_store_reset(statement);
  return result == SQLITE_DONE;
}


bool sb_store_run_row(sb_store *store, const char *sql, int64_t row) {
  sqlite3_stmt *statement = sb_store_prepare(store, sql);
  if (!statement) return false;
  sqlite3_bind_int64(statement, 1, row);
  return sb_store_run(store, sql);
}


double sb_store_lag(const sb_store *store) {
  return store->lag;
}


void sb_store_set_lag(sb_store *store, double seconds) {
  store->lag = seconds;
}


void sb_store_touch(sb_store *store) {
  store->version++;
}


uint64_t sb_store_version(const sb_store *store) {
  return store->version;
}
