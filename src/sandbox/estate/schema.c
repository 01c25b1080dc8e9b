/*
** The SQL that makes the tables of a sandbox's database. store.c runs it on a
** new file.
*/
#include "sandbox/estate/schema.h"

/* `ready_at` is wall time, which means the same after a restart. Before that
** time an asset is a draft; then `failure` decides between failed and ready.
**
** Searches read text_index (words of `query`), field_value (values that are
** compared as a whole) and field (the names of custom fields). search_index.c
** makes these row by row. The triggers write to `stale` which rows must be
** indexed again. */
const char sb_schema[] =
  "CREATE TABLE asset ("
  "  row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL,"
  "  name TEXT NOT NULL, description TEXT NOT NULL, mount TEXT,"
  "  tags TEXT NOT NULL, type TEXT NOT NULL, created INTEGER NOT NULL,"
  "  last_used INTEGER NOT NULL DEFAULT 0, files INTEGER NOT NULL,"
  "  size INTEGER NOT NULL, ready_at REAL NOT NULL, failure TEXT,"
  "  archived INTEGER NOT NULL DEFAULT 0, favorite INTEGER NOT NULL DEFAULT 0,"
  "  shared INTEGER NOT NULL DEFAULT 0, owner TEXT, owner_email TEXT,"
  "  run_script TEXT, commit_id TEXT, source TEXT, provenance TEXT,"
  "  custom_metadata TEXT, contained TEXT, app_parameters TEXT,"
  "  nextflow_profile TEXT, permissions TEXT, last_transferred INTEGER,"
  "  transfer_error TEXT, extra TEXT NOT NULL DEFAULT '{}');"
  "CREATE VIRTUAL TABLE text_index USING fts5 (name, description, tags,"
  "  run_script, commit_id, metadata);"
  "CREATE TABLE field_value (row INTEGER NOT NULL, key TEXT NOT NULL, value,"
  "  word TEXT NOT NULL);"
  "CREATE TABLE field (key TEXT PRIMARY KEY) WITHOUT ROWID;"
  "CREATE TABLE stale (row INTEGER PRIMARY KEY ON CONFLICT IGNORE);"
  SB_INDEXES
  "CREATE TRIGGER asset_delete AFTER DELETE ON asset BEGIN"
  "  INSERT INTO stale VALUES (old.row); END;"
  "CREATE TRIGGER asset_update AFTER UPDATE OF name, description, tags,"
  "  custom_metadata ON asset BEGIN"
  "  INSERT INTO stale VALUES (new.row); END;"
  "CREATE TABLE estate (id TEXT NOT NULL, custom_metadata TEXT NOT NULL);"
  "INSERT INTO estate VALUES (lower(hex(randomblob(16))),"
  "  '{\"fields\":[],\"categories\":[]}');"
  "PRAGMA application_id = 1668248418;"
  "PRAGMA user_version = 3;";

_Static_assert(SB_APPLICATION_ID == 1668248418 && SB_SCHEMA_VERSION == 3,
               "the schema writes them in decimal");
