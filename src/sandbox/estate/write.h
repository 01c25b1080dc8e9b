/*
** Writes to the assets. Called by the operations, by imports and by the seed.
*/
#ifndef SB_WRITE_H
#define SB_WRITE_H

#include "sandbox/estate/store.h"

/* Runs a statement that returns no rows, and updates the indexes, in one
** transaction. Returns the number of rows that the statement changed, or -1.
** The version of the store grows. */
int sb_write(sb_store *store, sqlite3_stmt *statement);

#endif
