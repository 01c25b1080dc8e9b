/*
** Writes to the assets: a statement and the index of what it wrote, in one
** transaction. Where searches lag, the index follows later.
*/
#include "sandbox/estate/write.h"

#include "sandbox/estate/lag.h"
#include "sandbox/estate/search_index.h"


static bool index_now(sb_store *store) {
  return sb_lag_is_on(store) || sb_search_index_update(store) == 0;
}


/* Within an open transaction, of the seed or of an import, only runs the
** statement: the rows are indexed later. */
int sb_write(sb_store *store, sqlite3_stmt *statement) {
  bool alone = sqlite3_get_autocommit(sb_store_db(store));
  int changes = -1;
  sb_store_touch(store);
  if (alone && !sb_store_run(store, "BEGIN")) return -1;
  if (sqlite3_step(statement) == SQLITE_DONE)
    changes = sqlite3_changes(sb_store_db(store));
  sb_store_reset(statement);
  if (!alone) return changes;
  if (changes >= 0 && index_now(store) && sb_store_run(store, "COMMIT"))
    return changes;
  sb_store_run(store, "ROLLBACK");
  return -1;
}
