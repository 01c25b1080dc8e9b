/*
** The assets: one SQLite database, its schema and its prepared statements. One
** thread at a time uses a store: the caller of start while it seeds, then the
** server's thread.
*/
#ifndef SB_STORE_H
#define SB_STORE_H

#include <sqlite3.h>

#include "sandbox/claim.h"
#include "sandbox/estate/text.h"

typedef struct sb_store sb_store;

/* How an asset is written: in the two spellings of the 2022 dialect, and in
** each of them with the fields that were added later. */
typedef enum sb_spelling {
  SB_LONG, SB_SHORT, SB_LONG_PLUS, SB_SHORT_PLUS
} sb_spelling;

/* How a fault may change an operation: the first two change how an asset is
** written, the others a search's page. */
#define SB_STUCK_DRAFT 1u
#define SB_DROP_METADATA 2u
#define SB_STUCK_TOKEN 4u
#define SB_EMPTY_MORE 8u

/* Not a fault's: the caller's release has no types but dataset and result. */
#define SB_TWO_TYPES 16u

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

/* Runs `insert` in one transaction and makes the indexes at its end, which is
** several times faster than row by row. 0 or -1. */
int sb_store_fill(sb_store *store, int (*insert)(sb_store *, void *),
                  void *closure);

/* The prepared statement of `sql`, ready to bind; NULL if SQLite fails. It is
** cached by the address of `sql`, which must be a literal. End its use with
** sb_store_reset. */
sqlite3_stmt *sb_store_prepare(sb_store *store, const char *sql);
void sb_store_reset(sqlite3_stmt *statement);

void sb_store_bind(sqlite3_stmt *statement, int index, const char *text);

/* Runs a statement that returns no rows. Returns the number of rows that it
** changed, or -1. The version of the store grows. */
int sb_store_write(sb_store *store, sqlite3_stmt *statement);

/* Runs a statement that returns no rows; ?1 is the row. False if SQLite
** fails. */
bool sb_store_run(sb_store *store, const char *sql, int64_t row);

/* Sets the seconds until a search finds a write; the default is 0. 0 or -1. */
int sb_store_set_lag(sb_store *store, double seconds);

bool sb_store_lags(const sb_store *store);

/* The time whose state searches show. */
double sb_store_shown_at(const sb_store *store);

/* Carries over the writes that are old enough; called before a search. False if
** SQLite fails. */
bool sb_store_refresh(sb_store *store);

/* Brings the indexes up to what searches show. 0 or -1. */
int sb_store_index(sb_store *store);

/* Makes the version grow: snapshots of earlier searches are stale. */
void sb_store_touch(sb_store *store);

/* Grows with each write. A snapshot of another version is stale. */
uint64_t sb_store_version(const sb_store *store);

/* Adds the asset as JSON. Returns 1; 0 if it does not exist; -1 on error. */
int sb_store_encode_asset(sb_store *store, const char *id, sb_spelling face,
                          unsigned tweaks, sb_text *out);

/* The same for a row, as a search shows it. */
int sb_store_encode_row(sb_store *store, int64_t row, sb_spelling face,
                        unsigned tweaks, sb_text *out);

#endif
