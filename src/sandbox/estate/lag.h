/*
** The lag of searches: they show the assets as these were some seconds ago.
**
** Searches, and the indexes they look into, read the relation `shown`. Without
** a lag, `shown` is a view of asset. With a lag it is a table of its own: each
** write to asset also goes into the table `pending`, and is carried over to
** `shown` when it is old enough. Both are temporary: the next process that
** opens the file sees all writes.
*/
#ifndef SB_LAG_H
#define SB_LAG_H

#include "sandbox/estate/store.h"

/* Lets searches find a write only after so many seconds (0: no lag): makes the
** tables, and copies what there is. Returns 0 or -1. */
int sb_lag_begin(sb_store *store, double seconds);

bool sb_lag_is_on(const sb_store *store);

/* The time whose state searches show. */
double sb_lag_shown_at(const sb_store *store);

/* Carries over the oldest write that was made by `until`. Returns its row; -1
** if there is none; -2 if SQLite fails. */
int64_t sb_lag_carry(sb_store *store, double until);

#endif
