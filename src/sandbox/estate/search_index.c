/*
** Makes the tables that searches read, text_index, field_value and field, from
** what searches show (estate/lag.h). A write marks its row as stale. The row is
** indexed at once, or when the lag carries the write over; then it stays marked
** for the next start, since what searches showed is lost with the process.
*/
#include "sandbox/estate/search_index.h"

#include "sandbox/estate/lag.h"
#include "sandbox/estate/schema.h"

/* Indexes the rows that `rows` selects. A row that is there already takes the
** verb REPLACE: a DELETE and an INSERT would each write text_index's tree. */
#define INDEX_TEXT(verb, rows) \
  verb " INTO text_index (rowid, name, description, tags, run_script," \
  "  commit_id, metadata) SELECT row, name, description, tags, run_script," \
  "  commit_id, (SELECT group_concat(atom, ' ') FROM" \
  "  json_tree(custom_metadata)) FROM shown " rows ";"
#define INDEX_VALUES(rows) \
  "INSERT INTO field_value SELECT row, key, value, " SB_WORD("value") \
  " FROM (SELECT row, 'tags' AS key, tag.value AS value" \
  "  FROM shown, json_each(tags) AS tag " rows \
  " UNION ALL SELECT row, 'contained_data_id'," \
  "  json_extract(part.value, '$.id')" \
  "  FROM shown, json_each(contained) AS part " \
  rows " UNION ALL SELECT row, m.key, v.value FROM shown," \
  "  json_each(custom_metadata) AS m, json_each(CASE m.type WHEN 'array'" \
  "  THEN m.value ELSE json_array(m.value) END) AS v " rows ")" \
  " WHERE value IS NOT NULL;"
#define INDEX_FIELDS(rows) \
  "INSERT OR IGNORE INTO field SELECT DISTINCT key FROM field_value " rows \
  "  AND key NOT IN ('tags', 'contained_data_id');"


/* While the store is filled, text_index gathers words in a large hash table. A
** later commit would clear every slot of it, so RESET opens the tables again,
** with a small one. */
int sb_search_index_fill(sb_store *store, int (*insert)(sb_store *, void *),
                         void *closure) {
  sqlite3 *db = sb_store_db(store);
  static const char begin[] = "BEGIN; DROP TRIGGER asset_insert;"
    "DROP INDEX asset_created; DROP INDEX asset_id;"
    "DROP INDEX asset_name;"
    "INSERT INTO text_index (text_index, rank) VALUES"
    "  ('hashsize', 33554432);"
    "DROP INDEX asset_size; DROP INDEX asset_type;"
    "DROP INDEX field_value_word; DROP INDEX field_value_number;"
    "DROP INDEX field_value_row";
  static const char end[] = INDEX_TEXT("INSERT", "WHERE 1")
    INDEX_VALUES("WHERE 1") SB_INDEXES INDEX_FIELDS("WHERE 1")
    "INSERT INTO text_index (text_index, rank) VALUES"
    "  ('hashsize', 1048576);"
    "COMMIT; PRAGMA writable_schema = RESET;";
  if (sqlite3_exec(db, begin, NULL, NULL, NULL) == SQLITE_OK
      && insert(store, closure) == 0
      && sqlite3_exec(db, end, NULL, NULL, NULL) == SQLITE_OK)
    return 0;
  sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return -1;
}


static bool index_row(sb_store *store, int64_t row) {
  static const char *const steps[] = {
    "DELETE FROM text_index WHERE rowid = ?1"
    "  AND NOT EXISTS (SELECT 1 FROM shown WHERE row = ?1)",
    "DELETE FROM field_value WHERE row = ?1",
    INDEX_TEXT("REPLACE", "WHERE row = ?1"), INDEX_VALUES("WHERE row = ?1"),
    INDEX_FIELDS("WHERE row = ?1"),
  };
  bool good = true;
  for (size_t i = 0; good && i < sizeof steps / sizeof *steps; i++)
    good = sb_store_run_row(store, steps[i], row);
  sb_store_touch(store);
  return good;
}


/* The next row that is stale, or -1. */
static int64_t next_stale(sb_store *store) {
  sqlite3_stmt *select = sb_store_prepare(store, "SELECT row FROM stale"
                                                 " LIMIT 1");
  int64_t row = -1;
  if (!select) return row;
  if (sqlite3_step(select) == SQLITE_ROW) row = sqlite3_column_int64(select, 0);
  sb_store_reset(select);
  return row;
}


/* Indexes the stale rows. False if one stays in the table `stale` after it was
** deleted there: the file is damaged. */
static bool index_stale(sb_store *store) {
  int64_t row, before = -1;
  for (; (row = next_stale(store)) >= 0; before = row)
    if (row == before || !index_row(store, row)
        || !sb_store_run_row(store, "DELETE FROM stale WHERE row = ?1", row))
      return false;
  return true;
}


static bool index_carried(sb_store *store, double until) {
  int64_t row;
  while ((row = sb_lag_carry(store, until)) >= 0)
    if (!index_row(store, row)) return false;
  return row == -1;
}


static bool index_rows(sb_store *store) {
  return sb_lag_is_on(store) ? index_carried(store, sb_lag_shown_at(store))
                             : index_stale(store);
}


/* Uses the transaction that is open, or one of its own. */
int sb_search_index_update(sb_store *store) {
  sqlite3 *db = sb_store_db(store);
  if (!sqlite3_get_autocommit(db)) return index_rows(store) ? 0 : -1;
  if (!sb_lag_is_on(store) && next_stale(store) < 0) return 0;
  if (sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK
      && index_rows(store)
      && sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
    return 0;
  sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return -1;
}


bool sb_search_index_refresh(sb_store *store) {
  return !sb_lag_is_on(store) || sb_search_index_update(store) == 0;
}
