/*
** src/core/endpoint.c: the invariants of every row, the vendor's documents for
** six of them, and near names of misspelt ones.
*/
#include "core/endpoint.h"

#include "check.h"


/* The operations as documented -------------------------------------------- */

static const struct known_row {
  const char *name, *method, *path;
  bool writes, once, gone_is_done;
  co_answer answer;
} known_rows[] = {
  {"create", "POST", "/data_assets", true, true, false, CO_ASSET},
  {"get", "GET", "/data_assets/{id}", false, false, false, CO_ASSET},
  {"search", "POST", "/data_assets/search", false, false, false, CO_PAGE},
  {"search_2022", "GET", "/data_assets", false, false, false, CO_PAGE},
  {"update", "PUT", "/data_assets/{id}", true, false, false, CO_ASSET},
  {"delete", "DELETE", "/data_assets/{id}", true, false, true, CO_NOTHING},
  {"archive", "PATCH", "/data_assets/{id}/archive", true, false, false,
   CO_NOTHING}
};


static void test_known(void) {
  for (size_t i = 0; i < ROWS(known_rows); i++) {
    const struct known_row *row = &known_rows[i];
    const co_endpoint *found = co_endpoint_find(row->name);
    CHECK_ROW(row->name, found != NULL);
    if (found == NULL) continue;
    CHECK_ROW_TEXT(row->name, found->method, row->method);
    CHECK_ROW_TEXT(row->name, found->path, row->path);
    CHECK_ROW(row->name, found->writes == row->writes);
    CHECK_ROW(row->name, (found->repeat == CO_REPEAT_UNPROCESSED) ==
                         row->once);
    CHECK_ROW(row->name, found->gone_is_done == row->gone_is_done);
    CHECK_ROW(row->name, found->answer == row->answer);
  }
}


static void test_find(void) {
  static const char *const unknown[] = {
    "", "Get", "get ", "ge", "gets", "pause", "data_assets"
  };
  for (size_t i = 0; i < ROWS(unknown); i++)
    CHECK_ROW(unknown[i], co_endpoint_find(unknown[i]) == NULL);
}


/* Every row --------------------------------------------------------------- */

static bool is_one_of(const char *text, const char *choices) {
  return co_choice_valid(choices, text);
}


static bool is(const char *a, const char *b) {
  return strcmp(a, b) == 0;
}


static size_t count(const char *text, const char *what) {
  size_t n = 0;
  for (; (text = strstr(text, what)) != NULL; text++) n++;
  return n;
}


/* What the API has below /api/v1 that this client asks. */
static bool is_one_of_rooms(const char *path) {
  return strncmp(path, "/data_assets", 12) == 0 ||
         is(path, "/custom_metadata") || is(path, "/capsules/search");
}


static bool is_good_path(const char *path) {
  size_t length = strlen(path);
  return is_one_of_rooms(path) &&
         path[length - 1] != '/' && strpbrk(path, "?#% ") == NULL &&
         count(path, "{") == count(path, "{id}") && count(path, "{id}") <= 1 &&
         count(path, "//") == 0;
}


/* A dry run lets through what does not write: only these POSTs are reads. */
static bool is_read(const co_endpoint *row) {
  return is(row->method, "GET") ||
         is_one_of(row->name, "search|list_files|search_capsules");
}


static void check_row(const co_endpoint *row) {
  bool sends = row->body != NULL;
  CHECK_ROW(row->name, is_one_of(row->method, "GET|POST|PUT|PATCH|DELETE"));
  CHECK_ROW(row->name, is_good_path(row->path));
  CHECK_ROW(row->name, row->writes == !is_read(row));
  CHECK_ROW(row->name, !(sends && row->query != NULL));
  CHECK_ROW(row->name, sends == is_one_of(row->method, "POST|PUT"));
  CHECK_ROW(row->name, sends || !row->open_body);
  CHECK_ROW(row->name, !row->gone_is_done || is(row->method, "DELETE"));
  CHECK_ROW(row->name, row->repeat == CO_REPEAT_ANY || row->writes);
  CHECK_ROW(row->name, co_endpoint_find(row->name) == row);
  CHECK_ROW(row->name, co_endpoint_find(co_endpoint_called(row)) != NULL);
}


static void test_rows(void) {
  for (const co_endpoint *row = co_endpoints; row->name != NULL; row++)
    check_row(row);
}


/* No two operations are one request. */
static void test_routes(void) {
  for (const co_endpoint *a = co_endpoints; a->name != NULL; a++)
    for (const co_endpoint *b = co_endpoints; b != a; b++)
      CHECK_ROW(a->name, !(is(a->path, b->path) && is(a->method, b->method)));
}


/* Every parameter --------------------------------------------------------- */

static bool is_snake(const char *name) {
  return name[0] >= 'a' && name[0] <= 'z' &&
         strspn(name, "abcdefghijklmnopqrstuvwxyz_") == strlen(name);
}


static bool is_credential(const char *name) {
  return is_one_of(name, "access_key_id|secret_access_key|client_id|"
                         "client_secret|token|password");
}


static void check_param(const co_param *rows, const co_param *row) {
  bool nests = row->type == CO_FIELDS || row->type == CO_ITEMS;
  CHECK_ROW(row->name, is_snake(row->name));
  CHECK_ROW(row->name, co_param_find(rows, row->name) == row);
  CHECK_ROW(row->name, co_param_nearest(rows, row->name) == row);
  CHECK_ROW(row->name, nests == (row->fields != NULL));
  CHECK_ROW(row->name, row->choices == NULL || row->type == CO_TEXT);
  CHECK_ROW(row->name, is_credential(row->name) ==
                       ((row->flags & CO_SECRET) != 0));
}


static void check_params(const co_param *rows, int depth) {
  CHECK(depth < 5);
  for (const co_param *row = rows; row->name != NULL; row++) {
    check_param(rows, row);
    if (row->fields != NULL) check_params(row->fields, depth + 1);
  }
}


static void test_params(void) {
  for (const co_endpoint *row = co_endpoints; row->name != NULL; row++) {
    if (row->query != NULL) check_params(row->query, 0);
    if (row->body != NULL) check_params(row->body, 0);
  }
}


/* An address has no place for lists and objects. */
static void test_queries_are_flat(void) {
  for (const co_endpoint *row = co_endpoints; row->name != NULL; row++)
    for (const co_param *p = row->query; p != NULL && p->name != NULL; p++)
      CHECK_ROW(p->name, p->type == CO_TEXT || p->type == CO_FLAG ||
                         p->type == CO_INTEGER || p->flags & CO_LOCAL);
}


static const co_param *fields_of(const char *operation, const char *path) {
  const co_endpoint *endpoint = co_endpoint_find(operation);
  const co_param *rows = endpoint->body ? endpoint->body : endpoint->query;
  char name[40];
  for (; *path != '\0'; path += strspn(path, ".")) {
    size_t length = strcspn(path, ".");
    snprintf(name, sizeof name, "%.*s", (int)length, path);
    rows = co_param_find(rows, name)->fields;
    path += length;
  }
  return rows;
}


/* Which fields must be there, as "a b c". */
static void test_required(void) {
  static const struct { const char *operation, *path, *wanted; } rows[] = {
    {"create", "", "name mount tags "},
    {"create", "source.aws", "bucket "},
    {"create", "source.computation", "id "},
    {"create", "source.gcp", "bucket "},
    {"create", "source.cloud_workstation", "id path "},
    {"update", "", "name "},
    {"search", "", ""},
    {"search_2022", "", ""},
    {"archive", "", "archive "}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    char names[200] = "";
    size_t at = 0;
    const co_param *row = fields_of(rows[i].operation, rows[i].path);
    for (; row->name != NULL; row++)
      if (row->flags & CO_REQUIRED)
        at += (size_t)snprintf(names + at, sizeof names - at, "%s ",
                               row->name);
    CHECK_ROW_TEXT(rows[i].operation, names, rows[i].wanted);
  }
}


/* Misspelt names ---------------------------------------------------------- */

static const struct near_row {
  const char *operation, *path, *name, *meant;
} near_rows[] = {
  {"create", "source.aws", "keep_on_External_storage",
   "keep_on_external_storage"},
  {"create", "source.aws", "keep_on_external_Storage",
   "keep_on_external_storage"},
  {"create", "source.aws", "keepOnExternalStorage",
   "keep_on_external_storage"},
  {"create", "source.aws", "keep-on-external-storage",
   "keep_on_external_storage"},
  {"create", "source.aws", "keep_on_external_storag",
   "keep_on_external_storage"},
  {"create", "source.aws", "index_date", "index_data"},
  {"create", "source.aws", "Bucket", "bucket"},
  {"create", "source.aws", "bukcet", "bucket"},
  {"create", "source.aws", "acess_key_id", "access_key_id"},
  {"create", "source.aws", "secret_acces_key", "secret_access_key"},
  {"create", "", "Tags", "tags"},
  {"create", "", "TAGS", "tags"},
  {"create", "", "tags_", "tags"},
  {"create", "", "decription", "description"},
  {"create", "", "customMetadata", "custom_metadata"},
  {"create", "", "nmae", "name"},
  {"search", "", "sort_feild", "sort_field"},
  {"search", "", "sort_filed", "sort_field"},
  {"search", "", "sortOrder", "sort_order"},
  {"search", "", "querry", "query"},
  {"search", "", "Limit", "limit"},
  {"search", "", "archive", "archived"},
  {"search", "", "favourite", "favorite"},
  {"search", "", "owner_ship", "ownership"},
  {"archive", "", "archived", "archive"},
  {"create", "", "tag", "tags"},
  {"create", "", "tgs", "tags"},
  {"create", "", "nam", "name"},
  {"create", "", "desc", "description"},
  {"create", "", "title", "name"},
  {"create", "", "Metadata", "custom_metadata"},
  {"update", "", "label", "tags"},
  {"search", "", "sort_fxxld", "sort_field"},
  /* Nothing is near to these */
  {"create", "", "", NULL},
  {"create", "", "_", NULL},
  {"create", "", "x", NULL},
  {"create", "", "size", NULL},
  {"create", "", "state", NULL},
  {"create", "", "type", NULL},
  {"create", "", "sources_of_it", NULL},
  {"create", "", "app_parameters", NULL},
  {"search", "", "id", NULL},
  {"search", "", "sort", NULL},
  {"search", "", "name", NULL},
  {"search", "", "tags", NULL},
  {"search", "", "page", NULL},
  {"search", "", "querxx", NULL},
  {"search", "", "field_sort", NULL},
  {"archive", "", "arch", NULL}
};


static void test_nearest(void) {
  for (size_t i = 0; i < ROWS(near_rows); i++) {
    const struct near_row *row = &near_rows[i];
    const co_param *rows = fields_of(row->operation, row->path);
    const co_param *found = co_param_nearest(rows, row->name);
    CHECK_ROW_TEXT(row->name, found == NULL ? NULL : found->name, row->meant);
    CHECK_ROW(row->name, co_param_find(rows, row->name) == NULL);
  }
}


/* Fields of newer releases, which an open body lets pass, are not taken for
** misspelt ones of today. */
static void test_newer_fields(void) {
  static const char *const names[] = {
    "provenance", "owner", "failure_reason", "contained_data_assets",
    "last_transferred", "transfer_error", "source_bucket", "nextflow_profile"
  };
  for (size_t i = 0; i < ROWS(names); i++) {
    CHECK_ROW(names[i], !co_param_nearest(fields_of("create", ""), names[i]));
    CHECK_ROW(names[i], !co_param_nearest(fields_of("update", ""), names[i]));
  }
}


static void test_choices(void) {
  static const struct { const char *choices, *text; bool valid; } rows[] = {
    {"asc|desc", "asc", true},      {"asc|desc", "desc", true},
    {"asc|desc", "", false},        {"asc|desc", "as", false},
    {"asc|desc", "asc|desc", false}, {"asc|desc", "ASC", false},
    {"asc|desc", "sc", false},      {"asc|desc", "|", false},
    {"asc|desc", "asc ", false},    {"asc", "asc", true},
    {"asc", "desc", false}
  };
  for (size_t i = 0; i < ROWS(rows); i++)
    CHECK_ROW(rows[i].text, co_choice_valid(rows[i].choices, rows[i].text) ==
                            rows[i].valid);
}


int main(void) {
  test_known();
  test_find();
  test_rows();
  test_routes();
  test_params();
  test_queries_are_flat();
  test_required();
  test_nearest();
  test_newer_fields();
  test_choices();
  return check_report();
}
