/*
** The fields of an asset that the API's releases spell in two ways, and their
** canonical form: snake_case names, short lower-case enums, integers, tags as a
** list. Other fields stay as they are.
*/
#ifndef LASSET_FORM_H
#define LASSET_FORM_H

#include <lua.h>
#include <stddef.h>

typedef enum cb_asset_kind {
  CB_ASSET_ID,
  CB_ASSET_TAGS,
  CB_ASSET_NUMBER,  /* may come as text or as a float */
  CB_ASSET_WORD     /* may come with a prefix, in capitals */
} cb_asset_kind;

typedef struct cb_asset_field {
  const char *name;
  size_t length;        /* of the name */
  const char *form;     /* its name in the canonical form */
  cb_asset_kind kind;
  const char *prefix;   /* the prefix of a word, or NULL */
} cb_asset_field;

/* The row for a name in either spelling, or NULL. */
const cb_asset_field *cb_asset_field_find(const char *name, size_t length);

/* Converts the value at the top of the stack to the field's form. */
void cb_asset_convert(lua_State *L, const cb_asset_field *field);

/* With the asset, a key and its value at the top: sets asset.unreadable[key] to
** the reason why the value is not what the server has. */
void cb_asset_mark_unreadable(lua_State *L, const char *why);

#endif
