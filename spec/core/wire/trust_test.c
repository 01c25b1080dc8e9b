/*
** src/core/wire/trust.c: folders with and without hashed names; the first
** bundle that can be read.
*/
#include "core/wire/trust.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"


/* A folder with one file of that name; NULL: empty. */
static bool hashed_with(const char *name) {
  char folder[] = "/tmp/trust.XXXXXX", path[64];
  CHECK(mkdtemp(folder) != NULL);
  if (name != NULL) {
    snprintf(path, sizeof path, "%s/%s", folder, name);
    fclose(fopen(path, "w"));
  }
  bool hashed = co_trust_is_hashed(folder);
  if (name != NULL) unlink(path);
  rmdir(folder);
  return hashed;
}


static void first_of_files(void) {
  char there[] = "/tmp/bundle.XXXXXX";
  int file = mkstemp(there);
  CHECK(file >= 0);
  close(file);
  const char *const second[] = {"/nowhere/at/all", there, "/etc/passwd", NULL};
  const char *const none[] = {"/nowhere/at/all", NULL};
  CHECK(co_trust_first(second) == there);
  CHECK(co_trust_first(none) == NULL);
  CHECK(co_trust_first(none + 1) == NULL);
  unlink(there);
}


static void bundles_are_absolute(void) {
  int count = 0;
  while (co_trust_bundles[count] != NULL)
    CHECK(co_trust_bundles[count++][0] == '/');
  CHECK(count >= 3);
}


int main(void) {
  CHECK(hashed_with("002c0b4f.0"));
  CHECK(hashed_with("ffffffff.12"));
  CHECK(!hashed_with(NULL));
  CHECK(!hashed_with("ca-certificates.crt"));
  CHECK(!hashed_with("002c0b4.0"));
  CHECK(!hashed_with("002c0b4f.r0"));
  CHECK(!co_trust_is_hashed(NULL));
  CHECK(!co_trust_is_hashed("/nowhere/at/all"));
  first_of_files();
  bundles_are_absolute();
  return check_report();
}
