/*
** The operations. Each reads its call and writes the answer into it.
*/
#ifndef SB_OPERATIONS_H
#define SB_OPERATIONS_H

#include "sandbox/call.h"

/* asset.c */
void sb_asset_get(sb_call *call);
void sb_asset_update(sb_call *call);
void sb_asset_delete(sb_call *call);
void sb_asset_archive(sb_call *call);

/* create.c */
void sb_asset_create(sb_call *call);

/* search.c: by GET as in 2022, and by POST */
void sb_asset_search(sb_call *call);
void sb_asset_find(sb_call *call);

/* extras.c: what the current dialect has besides */
void sb_asset_permissions(sb_call *call);
void sb_asset_permit(sb_call *call);
void sb_asset_files(sb_call *call);
void sb_asset_file_urls(sb_call *call);
void sb_asset_transfer(sb_call *call);

#endif
