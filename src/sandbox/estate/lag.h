/*
** The lag of searches: what they show is as old as was ordered.
**
** Searches, and the indexes they look into, read the relation `shown`. Without
** a lag it is a view of asset. With one it is a table of its own: each write to
** asset also goes into `pending`, and is carried over when it is old enough.
** Both are temporary: the next process that opens the file sees all writes.
*/
#ifndef SB_LAG_H
#define SB_LAG_H

#include "sandbox/estate/store.h"

/* Lets searches find a write only after so many seconds: makes the tables, and
** copies what there is. 0 seconds: no lag. 0 or -1. */
int sb_lag_begin(sb_store *store, double seconds);

bool sb_lag_is_on(const sb_store *store);

/* The time whose state searches show. */
double sb_lag_shown_at(const sb_store *store);

/* Carries over the oldest write that was made by `until`. Returns its row; -1
** if there is none; -2 if SQLite fails. */
int64_t sb_lag_carry(sb_store *store, double until);

#endif
