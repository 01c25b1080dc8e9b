/*
** The lag of searches: what they show is as old as was ordered. Only store.c
** and search_index.c call this.
**
** Searches, and the indexes they look into, read the relation `shown`. Without
** a lag it is a view of asset. With one it is a table of its own: each write to
** asset also goes into `pending`, and is carried over when it is old enough.
** Both are temporary: the next process that opens the file sees all writes.
*/
#ifndef SB_LAG_H
#define SB_LAG_H

#include "sandbox/estate/store.h"

/* Makes the view. 0 or -1. */
int sb_lag_none(sqlite3 *db);

/* Makes the tables, and copies what there is. 0 or -1. */
int sb_lag_begin(sqlite3 *db);

/* Carries over the oldest write, if it was made by `until`: its row, or -1
** where there is none, or -2 where SQLite fails. */
int64_t sb_lag_carry(sb_store *store, double until);

#endif
