/*
** src/core/wire/trust.c: folders with hashes and without.
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


int main(void) {
  CHECK(hashed_with("002c0b4f.0"));
  CHECK(hashed_with("ffffffff.12"));
  CHECK(!hashed_with(NULL));
  CHECK(!hashed_with("ca-certificates.crt"));
  CHECK(!hashed_with("002c0b4.0"));
  CHECK(!hashed_with("002c0b4f.r0"));
  CHECK(!co_trust_is_hashed(NULL));
  CHECK(!co_trust_is_hashed("/nowhere/at/all"));
  return check_report();
}
