/*
** The fields of an asset that the API's releases spell in two ways, and what
** the one form is: snake_case, short lower-case enums, integers, tags a list.
** Other fields stay as they are.
*/
#ifndef LASSET_H
#define LASSET_H

#include <lua.h>
#include <stddef.h>

typedef enum asset_kind {
  ASSET_ID,
  ASSET_TAGS,
  ASSET_NUMBER,  /* may come as text or as a float */
  ASSET_WORD     /* may come with a prefix, in capitals */
} asset_kind;

typedef struct asset_field {
  const char *name;
  size_t length;        /* of the name */
  const char *form;     /* its name in the one form */
  asset_kind kind;
  const char *prefix;   /* of a word; or NULL */
} asset_field;

/* The row of a name as a server spells it, or NULL. */
const asset_field *asset_field_find(const char *name, size_t length);

/* Gives the value at the top of the stack the field's form. */
void asset_convert(lua_State *L, const asset_field *field);

#endif
