/*
** An asset as JSON, in one of the spellings of the API.
*/
#ifndef SB_ASSET_JSON_H
#define SB_ASSET_JSON_H

#include "sandbox/estate/store.h"

/* The two spellings of the 2022 dialect, and each of them with the fields that
** were added later. */
typedef enum sb_spelling {
  SB_LONG, SB_SHORT, SB_LONG_PLUS, SB_SHORT_PLUS
} sb_spelling;

/* How a fault may change an operation: the first two change the JSON of an
** asset, the others a search's page. */
#define SB_STUCK_DRAFT 1u
#define SB_DROP_METADATA 2u
#define SB_STUCK_TOKEN 4u
#define SB_EMPTY_MORE 8u

/* Set by no fault: the caller's dialect has the types dataset and result only.
*/
#define SB_TWO_TYPES 16u

/* Adds the asset as JSON. Returns 1; 0 if it does not exist; -1 on error. */
int sb_asset_json_add(sb_store *store, const char *id, sb_spelling spelling,
                      unsigned tweaks, sb_text *out);

/* The same for a row, as a search shows it. */
int sb_asset_json_add_row(sb_store *store, int64_t row, sb_spelling spelling,
                          unsigned tweaks, sb_text *out);

#endif
