/*
** The lag of searches: the relation `shown` as a table that lags behind asset.
*/
#include "sandbox/estate/lag.h"

#include "sandbox/estate/schema.h"

/* Two columns stand before the asset's: when the write was made, and whether it
** deleted the asset. */
static const char begin[] =
  "DROP VIEW temp.shown;"
  "CREATE TEMP TABLE shown AS SELECT 0.0 AS at, 0 AS gone, * FROM asset;"
  "CREATE UNIQUE INDEX temp.shown_row ON shown (row);"
  "CREATE INDEX temp.shown_created ON shown (archived, created);"
  "CREATE TEMP TABLE pending AS SELECT * FROM shown WHERE 0;"
  "CREATE TEMP TRIGGER late_insert AFTER INSERT ON main.asset BEGIN"
  "  INSERT INTO pending SELECT " SB_NOW ", 0, * FROM asset"
  "   WHERE row = new.row; END;"
  "CREATE TEMP TRIGGER late_update AFTER UPDATE ON main.asset BEGIN"
  "  INSERT INTO pending SELECT " SB_NOW ", 0, * FROM asset"
  "   WHERE row = new.row; END;"
  "CREATE TEMP TRIGGER late_delete AFTER DELETE ON main.asset BEGIN"
  "  INSERT INTO pending (at, gone, row) VALUES (" SB_NOW ", 1, old.row); END;";


int sb_lag_begin(sb_store *store, double seconds) {
  if (seconds <= 0) return 0;
  sb_store_set_lag(store, seconds);
  sqlite3 *db = sb_store_db(store);
  return sqlite3_exec(db, begin, NULL, NULL, NULL) == SQLITE_OK ? 0 : -1;
}


bool sb_lag_is_on(const sb_store *store) {
  return sb_store_lag(store) > 0;
}


double sb_lag_shown_at(const sb_store *store) {
  return sb_wall() - sb_store_lag(store);
}


/* Stores the place in `pending` and the row of the oldest write by `until`.
** Returns 1; 0 if there is none; -1 if SQLite fails. */
static int find_due(sb_store *store, double until, int64_t *place,
                    int64_t *row) {
  sqlite3_stmt *select = sb_store_prepare(store,
    "SELECT rowid, row FROM pending WHERE at <= ?1 ORDER BY rowid LIMIT 1");
  if (!select) return -1;
  sqlite3_bind_double(select, 1, until);
  int step = sqlite3_step(select);
  if (step == SQLITE_ROW) {
    *place = sqlite3_column_int64(select, 0);
    *row = sqlite3_column_int64(select, 1);
  }
  sb_store_reset(select);
  return step == SQLITE_ROW ? 1 : step == SQLITE_DONE ? 0 : -1;
}


int64_t sb_lag_carry(sb_store *store, double until) {
  int64_t place, row;
  int due = find_due(store, until, &place, &row);
  if (due <= 0) return due - 1;
  bool good =
    sb_store_run_row(store, "DELETE FROM shown WHERE row = ?1", row)
    && sb_store_run_row(store, "INSERT INTO shown SELECT * FROM pending"
                           " WHERE rowid = ?1 AND NOT gone", place)
    && sb_store_run_row(store, "DELETE FROM pending WHERE rowid = ?1", place);
  return good ? row : -2;
}
