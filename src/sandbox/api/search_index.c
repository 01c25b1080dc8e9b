/*
** What searches look into: text_index, field_value and field, made from asset.
** A write marks its row as stale; the row is indexed at once, or by the first
** search after the lag that was ordered.
*/
#include "sandbox/estate/schema.h"
#include "sandbox/estate/store.h"

/* Indexes the rows that `rows` selects. */
#define INDEX_TEXT(rows) \
  "INSERT INTO text_index (rowid, name, description, tags, run_script," \
  "  commit_id, metadata) SELECT row, name, description, tags, run_script," \
  "  commit_id, (SELECT group_concat(atom, ' ') FROM" \
  "  json_tree(custom_metadata)) FROM asset " rows ";"
#define INDEX_VALUES(rows) \
  "INSERT INTO field_value SELECT row, key, value, " SB_WORD("value") \
  " FROM (SELECT row, 'tags' AS key, tag.value AS value" \
  "  FROM asset, json_each(tags) AS tag " rows \
  " UNION ALL SELECT row, 'contained_data_id'," \
  "  json_extract(part.value, '$.id')" \
  "  FROM asset, json_each(contained) AS part " \
  rows " UNION ALL SELECT row, m.key, v.value FROM asset," \
  "  json_each(custom_metadata) AS m, json_each(CASE m.type WHEN 'array'" \
  "  THEN m.value ELSE json_array(m.value) END) AS v " rows ")" \
  " WHERE value IS NOT NULL;"
#define INDEX_FIELDS(rows) \
  "INSERT OR IGNORE INTO field SELECT DISTINCT key FROM field_value " rows \
  "  AND key NOT IN ('tags', 'contained_data_id');"


int sb_store_fill(sb_store *store, int (*insert)(sb_store *, void *),
                  void *closure) {
  sqlite3 *db = sb_store_db(store);
  static const char begin[] = "BEGIN; DROP TRIGGER asset_insert;"
    "DROP INDEX asset_created; DROP INDEX asset_id;"
    "DROP INDEX asset_name;"
    "INSERT INTO text_index (text_index, rank) VALUES ('hashsize', 33554432);"
    "DROP INDEX field_value_word; DROP INDEX field_value_row";
  static const char end[] = INDEX_TEXT("WHERE 1") INDEX_VALUES("WHERE 1")
    SB_INDEXES INDEX_FIELDS("WHERE 1") "COMMIT";
  if (sqlite3_exec(db, begin, NULL, NULL, NULL) == SQLITE_OK
      && insert(store, closure) == 0
      && sqlite3_exec(db, end, NULL, NULL, NULL) == SQLITE_OK)
    return 0;
  sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return -1;
}


/* One statement, given the row. */
static bool run_for_row(sb_store *store, const char *sql, int64_t row) {
  sqlite3_stmt *statement = sb_store_prepare(store, sql);
  if (!statement) return false;
  sqlite3_bind_int64(statement, 1, row);
  int result = sqlite3_step(statement);
  sb_store_done(statement);
  return result == SQLITE_DONE;
}


static bool index_row(sb_store *store, int64_t row) {
  static const char *const steps[] = {
    "DELETE FROM text_index WHERE rowid = ?1",
    "DELETE FROM field_value WHERE row = ?1",
    INDEX_TEXT("WHERE row = ?1"), INDEX_VALUES("WHERE row = ?1"),
    INDEX_FIELDS("WHERE row = ?1"), "DELETE FROM stale WHERE row = ?1",
  };
  bool good = true;
  for (size_t i = 0; good && i < sizeof steps / sizeof *steps; i++)
    good = run_for_row(store, steps[i], row);
  return good;
}


/* The next row that is stale since `until`, or -1. */
static int64_t next_stale(sb_store *store, double until) {
  sqlite3_stmt *select = sb_store_prepare(store,
    "SELECT row FROM stale WHERE since <= ?1 LIMIT 1");
  int64_t row = -1;
  if (!select) return row;
  sqlite3_bind_double(select, 1, until);
  if (sqlite3_step(select) == SQLITE_ROW) row = sqlite3_column_int64(select, 0);
  sb_store_done(select);
  return row;
}


static bool index_rows(sb_store *store, double until) {
  int64_t row;
  bool good = true;
  while (good && (row = next_stale(store, until)) >= 0) {
    good = index_row(store, row);
    sb_store_touch(store);
  }
  return good;
}


/* Within the transaction that is open, or in one of its own. */
int sb_store_index(sb_store *store, double until) {
  sqlite3 *db = sb_store_db(store);
  if (!sqlite3_get_autocommit(db)) return index_rows(store, until) ? 0 : -1;
  if (next_stale(store, until) < 0) return 0;
  if (sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK
      && index_rows(store, until)
      && sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
    return 0;
  sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return -1;
}
