/*
** The assets: one SQLite database, its schema and its prepared statements. One
** thread at a time uses a store: the caller of start while it seeds, then the
** server's thread. Of this folder it uses schema.c only; lag.c, search_index.c
** and write.c call it.
*/
#ifndef SB_STORE_H
#define SB_STORE_H

#include <sqlite3.h>

#include "sandbox/claim.h"
#include "sandbox/text.h"

typedef struct sb_store sb_store;

/* Opens the file, or makes it (mode 0600); ":memory:" needs no file. A file of
** another program, or one that another server has, is not changed. NULL and a
** message in `error`. */
sb_store *sb_store_open(const char *path, sb_text *error);

/* Opens a sandbox's file for reading; makes no file beside it. */
sb_store *sb_store_open_to_read(const char *path, sb_text *error);

/* Closes the store and ends its claim. NULL is ignored. */
void sb_store_close(sb_store *store);

/* The estate's id: random, made with the database and stored in it. */
const char *sb_store_estate(const sb_store *store);

/* The claim on the file; NULL in memory. */
sb_claim *sb_store_claim(sb_store *store);

sqlite3 *sb_store_db(sb_store *store);
bool sb_store_empty(sb_store *store);

/* The prepared statement of `sql`, ready to bind; NULL if SQLite fails. It is
** cached by the address of `sql`, which must be a literal. End its use with
** sb_store_reset. */
sqlite3_stmt *sb_store_prepare(sb_store *store, const char *sql);
void sb_store_reset(sqlite3_stmt *statement);

void sb_store_bind(sqlite3_stmt *statement, int index, const char *text);

/* Each runs a statement that returns no rows; ?1 is the row. False if SQLite
** fails. */
bool sb_store_run(sb_store *store, const char *sql);
bool sb_store_run_row(sb_store *store, const char *sql, int64_t row);

/* The seconds until a search finds a write; 0 until lag.c sets them. */
double sb_store_lag(const sb_store *store);
void sb_store_set_lag(sb_store *store, double seconds);

/* Makes the version grow, so that snapshots of earlier searches are stale. */
void sb_store_touch(sb_store *store);

/* Grows with each write. A snapshot of another version is stale. */
uint64_t sb_store_version(const sb_store *store);

#endif
