/*
** The rows of the API's operations, and the lookup of names in them.
*/
#include "core/endpoint.h"

#include <string.h>

#include "core/text/nearest.h"

#define END {NULL, CO_TEXT, 0, NULL, NULL}
#define NEED CO_REQUIRED

static const co_param aws_fields[] = {
  {"bucket",                   CO_TEXT, NEED, NULL, NULL},
  {"prefix",                   CO_TEXT, 0, NULL, NULL},
  {"keep_on_external_storage", CO_FLAG, 0, NULL, NULL},
  {"index_data",               CO_FLAG, 0, NULL, NULL},
  {"access_key_id",            CO_TEXT, CO_SECRET, NULL, NULL},
  {"secret_access_key",        CO_TEXT, CO_SECRET, NULL, NULL},
  {"public",                   CO_FLAG, 0, NULL, NULL},
  {"endpoint_name",            CO_TEXT, 0, NULL, NULL},
  {"use_input_bucket",         CO_FLAG, 0, NULL, NULL},
  END
};

static const co_param gcp_fields[] = {
  {"bucket",        CO_TEXT, NEED, NULL, NULL},
  {"prefix",        CO_TEXT, 0, NULL, NULL},
  {"client_id",     CO_TEXT, CO_SECRET, NULL, NULL},
  {"client_secret", CO_TEXT, CO_SECRET, NULL, NULL},
  END
};

static const co_param workstation_fields[] = {
  {"id",         CO_TEXT, NEED, NULL, NULL},
  {"path",       CO_TEXT, NEED, NULL, NULL},
  {"run_script", CO_TEXT, 0, NULL, NULL},
  END
};

static const co_param computation_fields[] = {
  {"id",   CO_TEXT, NEED, NULL, NULL},
  {"path", CO_TEXT, 0, NULL, NULL},
  END
};

static const co_param source_fields[] = {
  {"aws",               CO_FIELDS, 0, NULL, aws_fields},
  {"computation",       CO_FIELDS, 0, NULL, computation_fields},
  {"gcp",               CO_FIELDS, 0, NULL, gcp_fields},
  {"cloud_workstation", CO_FIELDS, 0, NULL, workstation_fields},
  END
};

static const co_param aws_target_fields[] = {
  {"bucket",        CO_TEXT, NEED, NULL, NULL},
  {"prefix",        CO_TEXT, 0, NULL, NULL},
  {"endpoint_name", CO_TEXT, 0, NULL, NULL},
  END
};

static const co_param target_fields[] = {
  {"aws", CO_FIELDS, 0, NULL, aws_target_fields},
  END
};

static const co_param parameter_fields[] = {
  {"name",       CO_TEXT,  0, NULL, NULL},
  {"param_name", CO_TEXT,  0, NULL, NULL},
  {"value",      CO_VALUE, 0, NULL, NULL},
  END
};

static const co_param process_fields[] = {
  {"name",       CO_TEXT,    NEED, NULL, NULL},
  {"capsule_id", CO_TEXT,    NEED, NULL, NULL},
  {"version",    CO_INTEGER, 0, NULL, NULL},
  {"public",     CO_FLAG,    0, NULL, NULL},
  {"parameters", CO_ITEMS,   CO_OPEN, NULL, parameter_fields},
  END
};

static const co_param results_info_fields[] = {
  {"capsule_id",       CO_TEXT,    0, NULL, NULL},
  {"pipeline_id",      CO_TEXT,    0, NULL, NULL},
  {"version",          CO_INTEGER, 0, NULL, NULL},
  {"commit",           CO_TEXT,    0, NULL, NULL},
  {"run_script",       CO_TEXT,    0, NULL, NULL},
  {"data_assets",      CO_TEXTS,   0, NULL, NULL},
  {"parameters",       CO_ITEMS,   CO_OPEN, NULL, parameter_fields},
  {"processes",        CO_ITEMS,   CO_OPEN, NULL, process_fields},
  {"nextflow_profile", CO_TEXT,    0, NULL, NULL},
  END
};

static const co_param create_body[] = {
  {"name",            CO_TEXT,   NEED, NULL, NULL},
  {"description",     CO_TEXT,   0, NULL, NULL},
  {"mount",           CO_TEXT,   NEED, NULL, NULL},
  {"tags",            CO_TEXTS,  NEED, NULL, NULL},
  {"source",          CO_FIELDS, 0, NULL, source_fields},
  {"data_asset_ids",  CO_TEXTS,  0, NULL, NULL},
  {"target",          CO_FIELDS, 0, NULL, target_fields},
  {"custom_metadata", CO_METADATA, 0, NULL, NULL},
  {"results_info",    CO_FIELDS, CO_OPEN, NULL, results_info_fields},
  END
};

/* `description` may be missing: the answer to get may have left it out, and
** releases of dialect `current` keep the description if the body has none. The
** dialect `2022` requires one. */
static const co_param update_body[] = {
  {"name",            CO_TEXT,  NEED, NULL, NULL},
  {"description",     CO_TEXT,  0, NULL, NULL},
  {"tags",            CO_TEXTS, 0, NULL, NULL},
  {"mount",           CO_TEXT,  0, NULL, NULL},
  {"custom_metadata", CO_METADATA, 0, NULL, NULL},
  END
};

static const co_param search_2022_query[] = {
  {"start",      CO_INTEGER, 0, NULL, NULL},
  {"limit",      CO_INTEGER, 0, NULL, NULL},
  {"sort_field", CO_TEXT, 0, "created|type|name|size", NULL},
  {"sort_order", CO_TEXT, 0, "asc|desc", NULL},
  {"query",      CO_TEXT, 0, NULL, NULL},
  {"type",       CO_TEXT, 0, "dataset|result", NULL},
  {"ownership",  CO_TEXT, 0, "owner|shared", NULL},
  {"favorite",   CO_FLAG, 0, NULL, NULL},
  {"archived",   CO_FLAG, 0, NULL, NULL},
  {"fields",     CO_TEXTS, CO_LOCAL, NULL, NULL},
  END
};

static const co_param range_fields[] = {
  {"min", CO_VALUE, 0, NULL, NULL},
  {"max", CO_VALUE, 0, NULL, NULL},
  END
};

static const co_param filter_fields[] = {
  {"key",     CO_TEXT,   NEED, NULL, NULL},
  {"value",   CO_VALUE,  0, NULL, NULL},
  {"values",  CO_LIST,   0, NULL, NULL},
  {"range",   CO_FIELDS, 0, NULL, range_fields},
  {"exclude", CO_FLAG,   0, NULL, NULL},
  END
};

static const co_param search_body[] = {
  {"offset",     CO_INTEGER, 0, NULL, NULL},
  {"limit",      CO_INTEGER, 0, NULL, NULL},
  {"next_token", CO_VALUE, 0, NULL, NULL},
  {"sort_field", CO_TEXT, 0, "created|type|name|size", NULL},
  {"sort_order", CO_TEXT, 0, "asc|desc", NULL},
  {"query",      CO_TEXT, 0, NULL, NULL},
  {"type",       CO_TEXT, 0, "dataset|result|combined|model", NULL},
  {"ownership",  CO_TEXT, 0, "created|shared|private", NULL},
  {"origin",     CO_TEXT, 0, "internal|external", NULL},
  {"favorite",   CO_FLAG, 0, NULL, NULL},
  {"archived",   CO_FLAG, 0, NULL, NULL},
  {"filters",    CO_ITEMS, 0, NULL, filter_fields},
  {"fields",     CO_TEXTS, CO_LOCAL, NULL, NULL},
  END
};

static const co_param user_fields[] = {
  {"email", CO_TEXT, NEED, NULL, NULL},
  {"role",  CO_TEXT, NEED, "owner|editor|viewer", NULL},
  END
};

static const co_param group_fields[] = {
  {"group", CO_TEXT, NEED, NULL, NULL},
  {"role",  CO_TEXT, NEED, "owner|editor|viewer|discoverable", NULL},
  END
};

static const co_param permissions_body[] = {
  {"users",        CO_ITEMS, 0, NULL, user_fields},
  {"groups",       CO_ITEMS, 0, NULL, group_fields},
  {"everyone",     CO_TEXT, 0, "viewer|discoverable|none", NULL},
  {"share_assets", CO_FLAG, 0, NULL, NULL},
  END
};

static const co_param files_body[] = {
  {"path", CO_TEXT, NEED, NULL, NULL},
  END
};

static const co_param transfer_body[] = {
  {"target", CO_FIELDS, NEED, NULL, target_fields},
  {"force",  CO_FLAG, 0, NULL, NULL},
  END
};

static const co_param capsules_body[] = {
  {"query", CO_TEXT, NEED, NULL, NULL},
  {"limit", CO_INTEGER, 0, NULL, NULL},
  {"next_token", CO_TEXT, 0, NULL, NULL},
  END
};

static const co_param archive_query[] = {
  {"archive", CO_FLAG, NEED, NULL, NULL},
  END
};

#define ASSETS "/data_assets"
#define ASSET "/data_assets/{id}"

const co_endpoint co_endpoints[] = {
  {.name = "create", .method = "POST", .path = ASSETS, .body = create_body,
   .writes = true, .repeat = CO_REPEAT_UNPROCESSED, .answer = CO_ASSET},
  {.name = "get", .method = "GET", .path = ASSET, .answer = CO_ASSET},
  {.name = "search", .method = "POST", .path = ASSETS "/search",
   .body = search_body, .answer = CO_PAGE},
  {.name = "search_2022", .called = "search", .method = "GET",
   .path = ASSETS, .query = search_2022_query, .answer = CO_PAGE},
  {.name = "update", .method = "PUT", .path = ASSET, .body = update_body,
   .open_body = true, .writes = true, .answer = CO_ASSET},
  {.name = "delete", .method = "DELETE", .path = ASSET, .writes = true,
   .gone_is_done = true, .answer = CO_NOTHING},
  {.name = "archive", .method = "PATCH", .path = ASSET "/archive",
   .query = archive_query, .writes = true, .answer = CO_NOTHING},
  {.name = "get_permissions", .method = "GET", .path = ASSET "/permissions",
   .answer = CO_OBJECT},
  {.name = "set_permissions", .method = "POST", .path = ASSET "/permissions",
   .body = permissions_body, .open_body = true, .writes = true,
   .answer = CO_NOTHING},
  {.name = "list_files", .method = "POST", .path = ASSET "/files",
   .body = files_body, .answer = CO_OBJECT},
  {.name = "file_urls", .method = "GET", .path = ASSET "/files/urls",
   .query = files_body, .answer = CO_OBJECT},
  {.name = "custom_metadata", .method = "GET", .path = "/custom_metadata",
   .answer = CO_OBJECT},
  {.name = "search_capsules", .method = "POST", .path = "/capsules/search",
   .body = capsules_body, .answer = CO_OBJECT},
  {.name = "transfer", .method = "POST", .path = ASSET "/transfer",
   .body = transfer_body, .open_body = true, .writes = true,
   .repeat = CO_REPEAT_UNPROCESSED, .answer = CO_NOTHING},
  {.name = NULL}
};


const co_endpoint co_pause = {
  .name = "pause", .method = "", .path = "", .answer = CO_NOTHING
};


const co_endpoint co_read_file = {
  .name = "read_file", .method = "GET", .path = "", .answer = CO_BYTES
};


const co_endpoint *co_endpoint_find(const char *name) {
  const co_endpoint *row = co_endpoints;
  while (row->name != NULL && strcmp(row->name, name) != 0) row++;
  return row->name == NULL ? NULL : row;
}


const char *co_endpoint_called(const co_endpoint *endpoint) {
  return endpoint->called != NULL ? endpoint->called : endpoint->name;
}


const co_param *co_param_find(const co_param *rows, const char *name) {
  for (; rows->name != NULL; rows++)
    if (strcmp(rows->name, name) == 0) return rows;
  return NULL;
}


const co_param *co_param_nearest(const co_param *rows, const char *name) {
  co_nearest nearest;
  co_nearest_begin(&nearest, name);
  for (const co_param *row = rows; row->name != NULL; row++)
    co_nearest_compare(&nearest, row->name);
  return nearest.best == NULL ? NULL : co_param_find(rows, nearest.best);
}


bool co_choice_valid(const char *choices, const char *text) {
  size_t length = strlen(text);
  for (const char *at = choices; at != NULL;) {
    size_t n = strcspn(at, "|");
    if (n == length && memcmp(at, text, n) == 0) return true;
    at = at[n] == '|' ? at + n + 1 : NULL;
  }
  return false;
}
