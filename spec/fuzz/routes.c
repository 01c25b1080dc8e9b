/*
** The language of `query` and the parameters of a search are always translated
** to valid SQL.
*/
#include "fuzz.h"
#include "sandbox/api/handlers.h"
#include "sandbox/http/route.h"

static sb_store *store;
static sb_snapshots *snapshots;


static void open_store(void) {
  sb_text error;
  sb_text_init(&error, 1000);
  store = sb_store_open(":memory:", &error);
  snapshots = sb_snapshots_new();
  MUST(store != NULL && snapshots != NULL);
}


static void call(const char *method, const char *path, const char *query,
                 const char *body) {
  static const sb_config config = {
    .page_cap = 100, .max_body = 1 << 20, .dialect = SB_BOTH, .token = "cop_x"
  };
  char id[SB_ID_SIZE];
  sb_text out;
  sb_text_init(&out, 1 << 20);
  const sb_route *route = sb_route_find(SB_BOTH, method, path, id);
  sb_op asked = {
    .config = &config, .store = store, .snapshots = snapshots, .id = id,
    .query = query, .body = body, .length = strlen(body), .out = &out
  };
  sb_entry *entry = sb_entry_new(path, 1000);
  MUST(entry != NULL);
  sb_entry_add_header(entry, "Content-Type", "application/json");
  sb_route_run(route, &asked, SB_OWNER, entry);
  sb_entry_drop(entry);
  MUST(asked.status >= 200 && asked.status < 500);
  MUST(out.broken || sb_utf8_valid(out.bytes ? out.bytes : "", out.length));
  sb_text_free(&out);
}


int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  static const char *const methods[] = {"GET", "PUT", "POST", "PATCH",
                                        "DELETE"};
  if (store == NULL) open_store();
  char *text = fuzz_text(bytes, length);
  char path[400];
  call("GET", "/api/v1/data_assets", text, "");
  call("POST", "/api/v1/data_assets/search", NULL, text);
  call("POST", "/api/v1/data_assets", NULL, text);
  snprintf(path, sizeof path, "/api/v1/data_assets/%s", text);
  for (size_t i = 0; i < 5; i++) call(methods[i], path, "archive=true", "{}");
  free(text);
  return 0;
}
