/*
** sandbox.import and sandbox.imported. import writes a copy of a deployment's
** asset metadata to a sandbox's file, for rehearsals; imported reads these
** assets as they were imported.
**
** Pointers kept across calls that can run Lua: the store is in a userdata that
** no other code can reach, and is closed however the function ends; the
** caller's texts are on the stack while SQLite uses them.
*/

#include <string.h>

#include "sandbox/lsandbox.h"
#include "sandbox/estate/write.h"
#include "lua_compat.h"

/* Fields without a column are stored in `extra`, so that answers have them. */
static const char insert_asset[] =
  "INSERT INTO asset (id, name, description, mount, tags, type, created,"
  " last_used, files, size, ready_at, failure, archived, favorite, shared,"
  " owner, owner_email, source, provenance, custom_metadata, contained,"
  " app_parameters, nextflow_profile, extra)"
  " SELECT json_extract(?1, '$.id'), json_extract(?1, '$.name'),"
  " coalesce(json_extract(?1, '$.description'), ''),"
  " json_extract(?1, '$.mount'),"
  " coalesce(json_extract(?1, '$.tags'), '[]'),"
  " coalesce(json_extract(?1, '$.type'), 'dataset'),"
  " coalesce(json_extract(?1, '$.created'), 0),"
  " coalesce(json_extract(?1, '$.last_used'), 0),"
  " coalesce(json_extract(?1, '$.files'), 0),"
  " coalesce(json_extract(?1, '$.size'), 0), 0,"
  " CASE json_extract(?1, '$.state') WHEN 'failed' THEN"
  "  coalesce(json_extract(?1, '$.failure_reason'), 'failed') END,"
  " ?2, 0, 0, json_extract(?1, '$.owner'),"
  " json_extract(?1, '$.owner_email'),"
  " json_extract(?1, '$.source_bucket'), json_extract(?1, '$.provenance'),"
  " json_extract(?1, '$.custom_metadata'),"
  " json_extract(?1, '$.contained_data_assets'),"
  " json_extract(?1, '$.app_parameters'),"
  " json_extract(?1, '$.nextflow_profile'),"
  " json_remove(?1, '$.id', '$.name', '$.description', '$.mount', '$.tags',"
  "  '$.type', '$.created', '$.last_used', '$.files', '$.size', '$.state',"
  "  '$.failure_reason', '$.owner', '$.source_bucket', '$.provenance',"
  "  '$.custom_metadata', '$.contained_data_assets', '$.owner_email',"
  "  '$.app_parameters', '$.nextflow_profile')";

static const char insert_original[] =
  "INSERT INTO original (asset, archived) VALUES (?1, ?2)";

static const char make_table[] =
  "CREATE TABLE original (asset TEXT NOT NULL, archived INTEGER NOT NULL)";

static const char *const holder_name = "codeocean.sandbox.import";


static int holder__gc(lua_State *L) {
  sb_store **holder = luaL_checkudata(L, 1, holder_name);
  sb_store_close(*holder);
  *holder = NULL;
  return 0;
}


static sb_store **push_holder(lua_State *L) {
  sb_store **holder = lua_newuserdatauv(L, sizeof *holder, 0);
  *holder = NULL;
  if (luaL_newmetatable(L, holder_name)) {
    lua_pushcfunction(L, holder__gc);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "__gc");
    lua_setfield(L, -2, "__close");
  }
  lua_setmetatable(L, -2);
  lua_toclose(L, -1);
  return holder;
}


/* Closes the file and returns nil and the message. */
static int fail(lua_State *L, sb_store **holder, const char *message) {
  luaL_pushfail(L);
  lua_pushstring(L, message);
  sb_store_close(*holder);
  *holder = NULL;
  return 2;
}


static sb_store **open_file(lua_State *L, const char *path,
                            sb_store *(*open)(const char *, sb_text *)) {
  sb_text error;
  sb_store **holder = push_holder(L);
  sb_text_init(&error, 1000);
  *holder = open(path, &error);
  if (*holder == NULL) {
    size_t prefix = strlen(path) + 2;   /* "path: ", which callers add */
    lua_pushstring(L, error.length > prefix ? error.bytes + prefix
                                            : "out of memory");
  }
  sb_text_free(&error);
  return holder;
}


static int add_row(sb_store *store, const char *sql, const char *json,
                   bool archived) {
  sqlite3_stmt *insert = sb_store_prepare(store, sql);
  if (insert == NULL) return -1;
  sb_store_bind(insert, 1, json);
  sqlite3_bind_int(insert, 2, archived);
  return sb_write(store, insert) == 1 ? 0 : -1;
}


static int add_asset(sb_store *store, const char *json, bool archived) {
  if (add_row(store, insert_asset, json, archived) != 0) return -1;
  return add_row(store, insert_original, json, archived);
}


/* Calls the iterator at 2. If that raises, the file is closed first: Lua 5.3
** would close it no sooner than the next collection. */
static void call_next(lua_State *L, sb_store **holder) {
  lua_pushvalue(L, 2);
  if (lua_pcall(L, 0, 2, 0) == LUA_OK) return;
  sb_store_close(*holder);
  *holder = NULL;
  lua_error(L);
}


/* Calls the iterator until its end; each call gives an asset as JSON and
** whether it is archived. */
static lua_Integer add_all(lua_State *L, sb_store **holder) {
  for (lua_Integer count = 0;; count++) {
    call_next(L, holder);
    if (lua_isnil(L, -2)) return count;
    const char *json = luaL_checkstring(L, -2);
    if (add_asset(*holder, json, lua_toboolean(L, -1)) != 0) return -1;
    lua_pop(L, 2);
  }
}


/* Begins the import's transaction and makes the table of originals. What is
** committed survives a power cut, since an import may take long. */
static bool begin(sqlite3 *db) {
  static const char sql[] = "PRAGMA synchronous = FULL; BEGIN";
  return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK
         && sqlite3_exec(db, make_table, NULL, NULL, NULL) == SQLITE_OK;
}


/* import(path, next) -> number of assets; or nil, message. `path` is a new
** file; next() -> an asset as JSON text, whether it is archived; nil ends. */
int sb_import(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  sb_store **holder = open_file(L, path, sb_store_open);
  if (*holder == NULL) return fail(L, holder, lua_tostring(L, -1));
  sqlite3 *db = sb_store_db(*holder);
  if (!sb_store_empty(*holder))
    return fail(L, holder, "there are assets in it already");
  if (!begin(db)) return fail(L, holder, sqlite3_errmsg(db));
  lua_Integer count = add_all(L, holder);
  if (count < 0 || sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
    return fail(L, holder, sqlite3_errmsg(db));
  sb_store_close(*holder);
  *holder = NULL;
  lua_pushinteger(L, count);
  return 1;
}


/* imported(path) -> list of {json, archived}, as import() got them; or nil,
** message. */
int sb_imported(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  sb_store **holder = open_file(L, path, sb_store_open_to_read);
  if (*holder == NULL) return fail(L, holder, lua_tostring(L, -1));
  sqlite3_stmt *select = sb_store_prepare(*holder,
    "SELECT asset, archived FROM original ORDER BY rowid");
  if (select == NULL) return fail(L, holder, "nothing was pulled into it");
  lua_newtable(L);
  int step;
  for (lua_Integer i = 1; (step = sqlite3_step(select)) == SQLITE_ROW; i++) {
    lua_createtable(L, 2, 0);
    lua_pushstring(L, (const char *)sqlite3_column_text(select, 0));
    lua_rawseti(L, -2, 1);
    lua_pushboolean(L, sqlite3_column_int(select, 1));
    lua_rawseti(L, -2, 2);
    lua_rawseti(L, -2, i);
  }
  if (step != SQLITE_DONE)
    return fail(L, holder, sqlite3_errmsg(sb_store_db(*holder)));
  sb_store_reset(select);
  sb_store_close(*holder);
  *holder = NULL;
  return 1;
}
