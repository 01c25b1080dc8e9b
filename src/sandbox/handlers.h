/*
** The operations. Each reads its call and writes the answer into it.
*/
#ifndef SB_HANDLERS_H
#define SB_HANDLERS_H

#include "sandbox/operation.h"

/* SQL: whether the bucket in column `bucket` is there. `list` is the parameter
** with the JSON array of those that are; where it is NULL a bucket is there
** unless its name says otherwise. */
#define SB_BUCKET_FOUND(list) \
  "CASE WHEN " list " IS NULL THEN bucket NOT LIKE '%missing%'" \
  " AND bucket NOT LIKE '%does-not-exist%'" \
  " ELSE bucket IN (SELECT value FROM json_each(" list ")) END"

/* asset.c */
void sb_asset_get(sb_op *op);
void sb_asset_update(sb_op *op);
void sb_asset_delete(sb_op *op);
void sb_asset_archive(sb_op *op);

/* create.c */
void sb_asset_create(sb_op *op);

/* search.c: by GET as in 2022, and by POST */
void sb_asset_search(sb_op *op);
void sb_asset_search_post(sb_op *op);

/* extras.c: what the current dialect has besides */
void sb_asset_get_permissions(sb_op *op);
void sb_asset_set_permissions(sb_op *op);
void sb_asset_list_files(sb_op *op);
void sb_asset_file_urls(sb_op *op);
void sb_asset_transfer(sb_op *op);

#endif
