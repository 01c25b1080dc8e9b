/*
** The operations, one function each. A function reads the sb_op, sets its
** status, and writes the answer into its `out`. Called by route.c.
*/
#ifndef SB_HANDLERS_H
#define SB_HANDLERS_H

#include "sandbox/api/operation.h"

/* SQL: whether the bucket in column `bucket` exists. `list` is the parameter
** with the JSON array of existing buckets; if it is NULL, a bucket exists
** unless its name contains "missing" or "does-not-exist". */
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

/* permissions.c */
void sb_asset_get_permissions(sb_op *op);
void sb_asset_set_permissions(sb_op *op);

/* files.c */
#define SB_FILES "/files"
void sb_asset_list_files(sb_op *op);
void sb_asset_file_urls(sb_op *op);
void sb_asset_file_download_url(sb_op *op);

/* Method and headers of a request for a file; an absent header is NULL. */
typedef struct sb_file_headers {
  const char *method, *range, *if_range, *if_none_match;
} sb_file_headers;

/* `rest`: the path behind /files/. */
void sb_file_read(sb_op *op, const char *rest, const sb_file_headers *sent);

/* capsules.c */
void sb_capsules_search(sb_op *op);

/* transfer.c */
void sb_asset_transfer(sb_op *op);

/* custom_metadata.c: answers with the schema; checks the body's custom_metadata
** against it. False: the operation has failed. */
void sb_custom_metadata_get(sb_op *op);
bool sb_metadata_check(sb_op *op);

#endif
