/*
** Writes an asset as JSON, by SQLite, in one of the spellings of the API.
*/
#include "sandbox/api/asset_json.h"

#include "sandbox/estate/lag.h"

/* The spellings ------------------------------------------------------------
** ?2 is the time, ?3 shows the asset as a draft, ?4 hides the custom metadata,
** ?5 shows combined assets and models as datasets, since the 2022 dialect has
** two types. json_patch leaves out the nulls of the patch, and lets the fields
** that the server knows replace those that it only stored. The custom metadata
** are in what is patched, so that their nulls, which are the user's, stay. */

#define DRAFT "(?3 OR ready_at > ?2)"
#define STATE "CASE WHEN " DRAFT " THEN 'draft' WHEN failure IS NULL" \
              " THEN 'ready' ELSE 'failed' END"
#define UNLESS_DRAFT(column) "CASE WHEN " DRAFT " THEN 0 ELSE " column " END"
#define TYPE "CASE WHEN ?5 AND type <> 'result' THEN 'dataset' ELSE type END"
#define BOTH_HAVE \
  "'created', created, 'description', description," \
  "'files', " UNLESS_DRAFT("files") ", 'id', id, 'name', name," \
  "'tags', json(tags)," \
  "'failure_reason', CASE WHEN " DRAFT " THEN NULL ELSE failure END"
#define LONG_HAS \
  "'lastUsed', last_used, 'sizeInBytes', " UNLESS_DRAFT("size") "," \
  "'state', 'DATA_ASSET_STATE_' || upper(" STATE ")," \
  "'type', 'DATA_ASSET_TYPE_' || upper(" TYPE ")"
#define SHORT_HAS \
  "'last_used', last_used, 'size', " UNLESS_DRAFT("size") "," \
  "'state', " STATE ", 'type', " TYPE
#define PLUS_HAS \
  "'mount', mount, 'owner', owner, 'owner_email', owner_email," \
  "'source_bucket', json(source), 'app_parameters', json(app_parameters)," \
  "'nextflow_profile', nextflow_profile," \
  "'provenance', json(provenance), 'contained_data_assets', json(contained)," \
  "'last_transferred', last_transferred, 'transfer_error', transfer_error"
#define KEPT "extra"
#define KEPT_PLUS \
  "CASE WHEN ?4 OR custom_metadata IS NULL THEN extra" \
  " ELSE json_set(extra, '$.custom_metadata', json(custom_metadata)) END"
#define SPELLING(kept, fields, from) \
  "SELECT json_patch(" kept ", json_object(" fields ")) FROM " from " = ?1"
#define SPELLINGS(from) { \
  SPELLING(KEPT, BOTH_HAVE "," LONG_HAS, from), \
  SPELLING(KEPT, BOTH_HAVE "," SHORT_HAS, from), \
  SPELLING(KEPT_PLUS, BOTH_HAVE "," LONG_HAS "," PLUS_HAS, from), \
  SPELLING(KEPT_PLUS, BOTH_HAVE "," SHORT_HAS "," PLUS_HAS, from), \
}

static const char *const by_id[] = SPELLINGS("asset WHERE id");
static const char *const by_row[] = SPELLINGS("shown WHERE row");


static int encode(sqlite3_stmt *statement, double when, unsigned tweaks,
                  sb_text *out) {
  sqlite3_bind_double(statement, 2, when);
  sqlite3_bind_int(statement, 3, (tweaks & SB_STUCK_DRAFT) != 0);
  /* Not every spelling has ?4; without it the bind fails harmlessly. */
  sqlite3_bind_int(statement, 4, (tweaks & SB_DROP_METADATA) != 0);
  sqlite3_bind_int(statement, 5, (tweaks & SB_TWO_TYPES) != 0);
  int result = sqlite3_step(statement);
  if (result == SQLITE_ROW)
    sb_text_add(out, sqlite3_column_text(statement, 0),
                (size_t)sqlite3_column_bytes(statement, 0));
  sb_store_reset(statement);
  return result == SQLITE_ROW ? 1 : result == SQLITE_DONE ? 0 : -1;
}


int sb_asset_json_add(sb_store *store, const char *id, sb_spelling spelling,
                      unsigned tweaks, sb_text *out) {
  sqlite3_stmt *statement = sb_store_prepare(store, by_id[spelling]);
  if (!statement) return -1;
  sb_store_bind(statement, 1, id);
  return encode(statement, sb_wall(), tweaks, out);
}


int sb_asset_json_add_row(sb_store *store, int64_t row, sb_spelling spelling,
                          unsigned tweaks, sb_text *out) {
  sqlite3_stmt *statement = sb_store_prepare(store, by_row[spelling]);
  if (!statement) return -1;
  sqlite3_bind_int64(statement, 1, row);
  return encode(statement, sb_lag_shown_at(store), tweaks, out);
}
