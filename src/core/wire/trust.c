/*
** Searches folders and lists of places for trusted authorities. A folder is
** read until a hashed name is found; usually an early entry is one.
*/
#include "core/wire/trust.h"

#include <dirent.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>


/* Whether the name is eight hexadecimal digits, a point and a number. */
static bool is_hash(const char *name) {
  return strspn(name, "0123456789abcdef") == 8 && name[8] == '.' &&
         name[9] >= '0' && name[9] <= '9';
}


bool co_trust_is_hashed(const char *folder) {
  bool found = false;
  const struct dirent *entry;
  DIR *entries = folder == NULL ? NULL : opendir(folder);
  if (entries == NULL) return false;
  while (!found && (entry = readdir(entries)) != NULL)
    found = is_hash(entry->d_name);
  closedir(entries);
  return found;
}


const char *const co_trust_bundles[] = {
  "/etc/ssl/certs/ca-certificates.crt",                 /* Debian, Arch */
  "/etc/pki/tls/certs/ca-bundle.crt",                   /* Fedora */
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  /* newer Fedora */
  "/etc/ssl/ca-bundle.pem",                             /* openSUSE */
  "/etc/ssl/cert.pem",                                  /* Alpine, macOS */
  NULL
};


const char *co_trust_first(const char *const *files) {
  while (*files != NULL && access(*files, R_OK) != 0) files++;
  return *files;
}
