/*
** The paths of the API, written from the vendor's documents and not from the
** client: a shared table would hide a wrong path from every test.
*/
#include "sandbox/http/route.h"

#include <stdio.h>
#include <string.h>

#include "sandbox/api/handlers.h"

#define BASE "/api/v1/data_assets"
#define ANY (SB_2022 | SB_CURRENT | SB_BOTH)
#define OLD (SB_2022 | SB_BOTH)
#define NEW (SB_CURRENT | SB_BOTH)
#define WRITES 1u
#define BODY 2u    /* takes a JSON body */
#define SERVER_VERSION "4.6.0"   /* the release of the dialect "current" */

/* {} stands for an id. The first row that fits a path counts, so a row with a
** word must stand above a row with an id in the same place. */
static const sb_route routes[] = {
  {"create",  "POST",   BASE,                 ANY, WRITES | BODY,
   sb_asset_create},
  {"search",  "GET",    BASE,                 OLD, 0, sb_asset_search},
  {"search",  "POST",   BASE "/search",       NEW, BODY, sb_asset_search_post},
  {"get",     "GET",    BASE "/{}",           ANY, 0, sb_asset_get},
  {"update",  "PUT",    BASE "/{}",           ANY, WRITES | BODY,
   sb_asset_update},
  {"delete",  "DELETE", BASE "/{}",           ANY, WRITES, sb_asset_delete},
  {"archive", "PATCH",  BASE "/{}/archive",   ANY, WRITES, sb_asset_archive},
  {"get_permissions", "GET",  BASE "/{}/permissions", NEW, 0,
   sb_asset_get_permissions},
  {"set_permissions", "POST", BASE "/{}/permissions", NEW, WRITES | BODY,
   sb_asset_set_permissions},
  {"list_files", "GET",  BASE "/{}/files",       NEW, 0, sb_asset_list_files},
  {"list_files", "POST", BASE "/{}/files",  NEW, BODY,
   sb_asset_list_files},
  {"file_urls",   "GET",  BASE "/{}/files/urls",  NEW, 0,
   sb_asset_file_urls},
  {"file_urls",   "GET",  BASE "/{}/files/download_url", NEW, 0,
   sb_asset_file_download_url},
  {"custom_metadata", "GET", "/api/v1/custom_metadata", NEW, 0,
   sb_custom_metadata_get},
  {"search_capsules", "POST", "/api/v1/capsules/search", NEW, BODY,
   sb_capsules_search},
  {"transfer",    "POST", BASE "/{}/transfer",    NEW, WRITES | BODY,
   sb_asset_transfer},
};

#define ROUTES (sizeof routes / sizeof *routes)


/* Whether the path fits the pattern; `id` gets the decoded id. An id is one
** segment, not empty. */
static bool fits(const char *pattern, const char *path,
                 char id[static SB_ID_SIZE]) {
  const char *hole = strstr(pattern, "{}");
  if (!hole) return strcmp(pattern, path) == 0;
  size_t before = (size_t)(hole - pattern);
  if (strncmp(pattern, path, before) != 0) return false;
  size_t length = strcspn(path + before, "/");
  if (length == 0 || length >= SB_ID_SIZE) return false;
  if (strcmp(hole + 2, path + before + length) != 0) return false;
  memcpy(id, path + before, length);
  id[length] = '\0';
  return sb_percent_decode(id, false);
}


const sb_route *sb_route_find(sb_dialect dialect, const char *method,
                              const char *path, char id[static SB_ID_SIZE]) {
  for (size_t i = 0; i < ROUTES; i++) {
    id[0] = '\0';
    if (routes[i].dialects & dialect && strcmp(routes[i].method, method) == 0
        && fits(routes[i].path, path, id))
      return &routes[i];
  }
  id[0] = '\0';
  return NULL;
}


void sb_route_allowed(sb_dialect dialect, const char *path, char *methods,
                      size_t size) {
  char id[SB_ID_SIZE];
  methods[0] = '\0';
  for (size_t i = 0; i < ROUTES; i++) {
    size_t used = strlen(methods);
    if (routes[i].dialects & dialect && fits(routes[i].path, path, id))
      snprintf(methods + used, size - used, "%s%s", used ? ", " : "",
               routes[i].method);
  }
}


const char *sb_route_operation_at(size_t index) {
  return index < ROUTES ? routes[index].operation : NULL;
}


static bool is_json(const char *type) {
  static const char json[] = "application/json";
  size_t length = sizeof json - 1;
  return type && strncasecmp(type, json, length) == 0
         && strchr("; \t", type[length]);
}


static void fail_path(sb_op *op, const char *path) {
  char methods[100];
  sb_route_allowed(op->config->dialect, path, methods, sizeof methods);
  if (*methods) sb_op_fail(op, 405, "this path takes %s", methods);
  else sb_op_fail(op, 404, "there is no such path");
}


static bool check_body(const sb_route *route, sb_op *op, const char *type) {
  if (!(route->flags & BODY)) return true;
  if (op->length > (size_t)op->config->max_body)
    sb_op_fail(op, 413, "the body is larger than %d bytes",
                 (int)op->config->max_body);
  else if (!is_json(type))
    sb_op_fail(op, 415, "Content-Type must be application/json");
  else
    return true;
  return false;
}


/* "4.6.0" as one number, for comparing; -1 if the text is not a version. */
static long version_number(const char *text) {
  unsigned major, minor = 0, patch = 0;
  int count = sscanf(text, "%4u.%4u.%4u", &major, &minor, &patch);
  return count < 1 ? -1 : major * 100000000L + minor * 10000L + patch;
}


/* Checks the minimum release that a client asks for; the refusal names the
** server's release. */
static bool check_version(sb_op *op, const char *needed) {
  if (!needed || op->config->dialect == SB_2022
      || version_number(needed) <= version_number(SERVER_VERSION))
    return true;
  sb_op_fail(op, 400, "server version " SERVER_VERSION " is lower than required"
             " minimum %s", needed);
  return false;
}


/* A caller of a route that 2022 does not have speaks the current dialect. */
static void run(const sb_route *route, sb_op *op, const char *type) {
  if (!(route->dialects & SB_2022)) op->current = true;
  if (!check_body(route, op, type)) return;
  if (route->flags & WRITES) sb_snapshots_complete(op->snapshots);
  route->run(op);
}


void sb_route_run(const sb_route *route, sb_op *op, sb_caller caller,
                  const sb_entry *entry) {
  if (caller == SB_NOBODY)
    sb_op_fail(op, 401, "the token is missing or not valid");
  else if (!check_version(op, sb_entry_header(entry, "min-server-version")))
    return;
  else if (!route)
    fail_path(op, entry->path);
  else if (route->flags & WRITES && caller != SB_OWNER)
    sb_op_fail(op, 403, "the token may not write data assets");
  else
    run(route, op, sb_entry_header(entry, "content-type"));
}
