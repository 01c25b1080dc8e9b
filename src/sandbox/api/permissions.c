/*
** The permissions of an asset: get_permissions and set_permissions.
*/
#include "sandbox/http/body.h"
#include "sandbox/api/handlers.h"

static const sb_rule rules[] = {
  {"users",        SB_LIST,          0},
  {"groups",       SB_LIST,          0},
  {"everyone",     SB_STRING,        0},
  {"share_assets", SB_TEXT_BOOLEAN,  0},
  {NULL, SB_STRING, 0}
};

/* The permissions of an asset; its owner's only, if none were set. */
#define PERMISSIONS \
  "coalesce(permissions, json_object('users', json_array(json_object(" \
  " 'email', owner_email, 'role', 'owner')), 'groups', json('[]')," \
  " 'everyone', 'none', 'share_assets', json('false')))"


void sb_asset_get_permissions(sb_op *op) {
  sb_op_answer_text(op, "SELECT " PERMISSIONS " FROM asset WHERE id = ?1");
}


/* Selects the names of a list that are empty or stand there twice. */
#define WRONG_NAMES(list, name) \
  " UNION ALL SELECT '" list "', 'the " name " must not be empty'" \
  " FROM json_each(?1, '$." list "')" \
  " WHERE json_type(?1, '$." list "') = 'array'" \
  "  AND trim(json_extract(value, '$." name "')) = ''" \
  " UNION ALL SELECT '" list "', 'the " name " ' || min(json_extract(value," \
  "  '$." name "')) || ' is there twice' FROM json_each(?1, '$." list "')" \
  " WHERE json_type(?1, '$." list "') = 'array'" \
  " GROUP BY lower(json_extract(value, '$." name "')) HAVING count(*) > 1"

/* Selects a row for each wrong entry: the name of its field, and a message. */
static const char wrong_entries[] =
  "SELECT 'users', 'the role must be owner, editor or viewer'"
  " FROM json_each(?1, '$.users')"
  " WHERE json_type(?1, '$.users') = 'array' AND CASE type WHEN 'object' THEN"
  "  coalesce(json_extract(value, '$.role'), '') NOT IN"
  "   ('owner', 'editor', 'viewer')"
  "  OR coalesce(json_type(value, '$.email'), '') <> 'text' ELSE 1 END"
  " UNION ALL SELECT 'groups',"
  " 'the role must be owner, editor, viewer or discoverable'"
  " FROM json_each(?1, '$.groups')"
  " WHERE json_type(?1, '$.groups') = 'array' AND CASE type WHEN 'object' THEN"
  "  coalesce(json_extract(value, '$.role'), '') NOT IN"
  "   ('owner', 'editor', 'viewer', 'discoverable')"
  "  OR coalesce(json_type(value, '$.group'), '') <> 'text' ELSE 1 END"
  " UNION ALL SELECT 'everyone',"
  " 'the role must be viewer, discoverable or none'"
  " WHERE coalesce(json_extract(?1, '$.everyone'), 'none') NOT IN"
  "  ('viewer', 'discoverable', 'none')"
  WRONG_NAMES("users", "email") WRONG_NAMES("groups", "group");


static bool check_entries(sb_op *op) {
  sqlite3_stmt *wrong = sb_store_prepare(op->store, wrong_entries);
  sqlite3_bind_text(wrong, 1, op->body, (int)op->length, SQLITE_STATIC);
  bool good = wrong && sqlite3_step(wrong) != SQLITE_ROW;
  if (!good && wrong)
    sb_op_fail(op, 400, "%s: %s",
               (const char *)sqlite3_column_text(wrong, 0),
               (const char *)sqlite3_column_text(wrong, 1));
  sb_store_reset(wrong);
  return good;
}


/* A list of users or groups, with the fields that have a meaning. */
#define ENTRIES(name, from) \
  "(SELECT json_group_array(json_object('" name "'," \
  " json_extract(value, '$." name "')," \
  " 'role', json_extract(value, '$.role'))) FROM " from ")"

/* A field that is not sent stays. If the users that are sent have no owner, the
** asset's owner stays, in that role only. */
static const char update_sql[] =
  "UPDATE asset SET permissions = (WITH was AS (SELECT " PERMISSIONS
  "  AS p), sent AS (SELECT p, coalesce(json_extract(?2, '$.users'),"
  "   json_extract(p, '$.users')) AS users FROM was),"
  " owner AS (SELECT value, lower(json_extract(value, '$.email')) AS email"
  "  FROM sent, json_each(p, '$.users')"
  "  WHERE json_extract(value, '$.role') = 'owner' AND NOT EXISTS"
  "   (SELECT 1 FROM json_each(users)"
  "    WHERE json_extract(value, '$.role') = 'owner'))"
  " SELECT json_object('users', " ENTRIES("email", "("
  "   SELECT value FROM owner"
  "   UNION ALL SELECT value FROM json_each(users)"
  "    WHERE lower(json_extract(value, '$.email')) NOT IN"
  "     (SELECT email FROM owner))")
  "  , 'groups', " ENTRIES("group",
     "json_each(coalesce(json_extract(?2, '$.groups'),"
     " json_extract(p, '$.groups')))") ","
  "  'everyone', coalesce(json_extract(?2, '$.everyone'),"
  "   json_extract(p, '$.everyone')),"
  "  'share_assets', json(CASE WHEN"
  "   CASE json_type(?2, '$.share_assets') WHEN 'text'"
  "    THEN lower(json_extract(?2, '$.share_assets')) = 'true'"
  "    ELSE coalesce(json_extract(?2, '$.share_assets'),"
  "     json_extract(p, '$.share_assets')) END"
  "   THEN 'true' ELSE 'false' END)) FROM sent) WHERE id = ?1";


void sb_asset_set_permissions(sb_op *op) {
  if (!sb_body_check(op, rules) || !check_entries(op)) return;
  sqlite3_stmt *update = sb_store_prepare(op->store, update_sql);
  sqlite3_bind_text(update, 2, op->body, (int)op->length, SQLITE_STATIC);
  if (sb_op_write(op, update)) sb_op_answer_empty(op);
}
