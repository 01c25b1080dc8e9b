/*
** src/core/text/nearest.c: which known name an unknown one probably means.
*/
#include "core/text/nearest.h"

#include "check.h"

static const char *const fields[] = {
  "name", "description", "mount", "tags", "source", "custom_metadata",
  "min", "id"
};


static const char *nearest_of(const char *name) {
  co_nearest n;
  co_nearest_begin(&n, name);
  for (size_t i = 0; i < ROWS(fields); i++) co_nearest_compare(&n, fields[i]);
  return n.best;
}


static void test_rows(void) {
  static const struct { const char *name, *meant; } rows[] = {
    {"tag", "tags"},           {"tgs", "tags"},         {"atgs", "tags"},
    {"TAGS", "tags"},          {"t-a g_s", "tags"},     {"nam", "name"},
    {"desc", "description"},   {"Title", "name"},
    {"metadata", "custom_metadata"}, {"discripton", "description"},
    {"customMetadata", "custom_metadata"},
    {"mn", "min"}, {"mni", "min"}, {"di", "id"}, {"ids", "id"},
    {"im", NULL}, {"it", NULL}, {"ad", NULL},
    {"", NULL}, {"_", NULL}, {"x", NULL}, {"na", NULL}, {"owner", NULL},
    {"tagging", NULL}, {"discrptn", NULL}, {"soucres_of", NULL}
  };
  for (size_t i = 0; i < ROWS(rows); i++)
    CHECK_ROW_TEXT(rows[i].name, nearest_of(rows[i].name), rows[i].meant);
}


/* Names of more than 63 letters are near to none. */
static void test_long_names(void) {
  char a[70], b[70];
  for (size_t length = 60; length < 69; length++) {
    memset(a, 'a', length);
    a[length] = '\0';
    memcpy(b, a, length + 1);
    b[length / 2] = 'b';
    co_nearest n;
    co_nearest_begin(&n, a);
    co_nearest_compare(&n, b);
    CHECK_ROW_TEXT("long", n.best, length > 63 ? NULL : b);
  }
}


static void test_order(void) {
  co_nearest n;
  co_nearest_begin(&n, "bat");
  co_nearest_compare(&n, "cat");
  co_nearest_compare(&n, "rat");
  CHECK_TEXT(n.best, "cat");
  co_nearest_compare(&n, "Bat");
  CHECK_TEXT(n.best, "Bat");
}


int main(void) {
  test_rows();
  test_long_names();
  test_order();
  return check_report();
}
