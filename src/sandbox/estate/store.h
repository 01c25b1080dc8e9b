/*
** The assets: one SQLite database, its schema and its prepared statements.
** One thread at a time uses a store: the caller of start while it seeds,
** then the server's own thread.
*/
#ifndef SB_STORE_H
#define SB_STORE_H

#include <sqlite3.h>

#include "sandbox/claim.h"
#include "sandbox/estate/text.h"

typedef struct sb_store sb_store;

/* How an asset is written: the two spellings of the 2022 dialect, and each
** with the fields that came since. */
typedef enum sb_spelling {
  SB_LONG, SB_SHORT, SB_LONG_PLUS, SB_SHORT_PLUS
} sb_spelling;

/* How a fault may bend an operation: the first two an asset's face, the
** others a search's page. */
#define SB_STUCK_DRAFT 1u
#define SB_DROP_METADATA 2u
#define SB_STUCK_TOKEN 4u
#define SB_EMPTY_MORE 8u

/* Not a fault's: the caller's release has no types but dataset and result. */
#define SB_TWO_TYPES 16u

/* Opens the file, or makes it (mode 0600); ":memory:" is no file. A file that
** is not a sandbox's is left byte for byte as it is, and so is one that another
** server has. NULL and a message in `error`. */
sb_store *sb_store_open(const char *path, sb_text *error);

/* Opens a sandbox's file without writing to it or beside it. */
sb_store *sb_store_open_to_read(const char *path, sb_text *error);

/* Ends the claim too. NULL is ignored. */
void sb_store_close(sb_store *store);

/* The estate's own name: random, made with the database and kept in it. */
const char *sb_store_estate(const sb_store *store);

/* The claim on the file; NULL in memory. */
sb_claim *sb_store_claim(sb_store *store);

sqlite3 *sb_store_db(sb_store *store);
bool sb_store_empty(sb_store *store);

/* Runs `insert` as one transaction and makes the indexes at its end, which is
** several times faster than row by row. 0 or -1. */
int sb_store_fill(sb_store *store, int (*insert)(sb_store *, void *),
                  void *closure);

/* The statement of `sql`, ready to bind; NULL where SQLite fails. Kept by the
** address of `sql`, so only literals. End its use with sb_store_done. */
sqlite3_stmt *sb_store_prepare(sb_store *store, const char *sql);
void sb_store_done(sqlite3_stmt *statement);

void sb_store_bind(sqlite3_stmt *statement, int index, const char *text);

/* Runs to its end a statement that returns no rows: the rows it changed, or
** -1. Drops what was known of searches. */
int sb_store_write(sb_store *store, sqlite3_stmt *statement);

/* One statement, given a row, that returns none. False where SQLite fails. */
bool sb_store_run(sb_store *store, const char *sql, int64_t row);

/* From now on a search sees a write after so many seconds; 0: at once, as long
** as nothing else is said. 0 or -1. */
int sb_store_set_lag(sb_store *store, double seconds);

bool sb_store_lags(const sb_store *store);

/* The time that searches show. */
double sb_store_shown_at(const sb_store *store);

/* Before a search: carries over what is old enough. False: SQLite fails. */
bool sb_store_refresh(sb_store *store);

/* Brings the indexes up to what searches show: 0 or -1. */
int sb_store_index(sb_store *store);

/* What was known of searches is no longer true. */
void sb_store_touch(sb_store *store);

/* Grows with each write: what was found under another number is stale. */
uint64_t sb_store_version(const sb_store *store);

/* Adds the asset as JSON: 1, or 0 where there is none, or -1. */
int sb_store_show(sb_store *store, const char *id, sb_spelling face,
                  unsigned tweaks, sb_text *out);

/* As a search shows the row. */
int sb_store_show_row(sb_store *store, int64_t row, sb_spelling face,
                      unsigned tweaks, sb_text *out);

#endif
