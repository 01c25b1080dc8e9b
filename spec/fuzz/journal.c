/*
** The reader of journals returns a ledger whose records can be read, or an
** error of one line. It never raises.
*/
#include <sys/mman.h>
#include <unistd.h>

#include "state.h"

static const char chunk[] =
  "local journal = require 'codeocean.bulk.journal'\n"
  "return function(path)\n"
  "  local ledger, err = journal.read(path)\n"
  "  if not ledger then\n"
  "    assert(err.kind == 'journal' or err.kind == 'refused', err)\n"
  "    assert(not tostring(err):find '\\n', err)\n"
  "    return\n"
  "  end\n"
  "  for index = 1, ledger.count do\n"
  "    assert(type(ledger:record(index).status) == 'string')\n"
  "  end\n"
  "  ledger:close()\n"
  "end";


int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  static int fd = -1;
  char path[40];
  lua_State *L = fuzz_state(chunk);
  if (fd < 0) fd = memfd_create("journal", 0);
  MUST(fd >= 0 && ftruncate(fd, 0) == 0);
  MUST(pwrite(fd, bytes, length, 0) == (ssize_t)length);
  int n = snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  fuzz_call(L, (const uint8_t *)path, (size_t)n);
  return 0;
}
