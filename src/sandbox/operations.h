/*
** The operations. Each reads its call and writes the answer into it.
*/
#ifndef SB_OPERATIONS_H
#define SB_OPERATIONS_H

#include "sandbox/call.h"

/* SQL: whether the bucket in column `bucket` is there. `list` is the parameter
** with the JSON array of those that are; where it is NULL a bucket is there
** unless its name says otherwise. */
#define SB_BUCKET_FOUND(list) \
  "CASE WHEN " list " IS NULL THEN bucket NOT LIKE '%missing%'" \
  " AND bucket NOT LIKE '%does-not-exist%'" \
  " ELSE bucket IN (SELECT value FROM json_each(" list ")) END"

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
