/*
** The reader of lists of ids: it accepts ids only, each once; it reports what
** it does not accept with its line; it never raises, and no message has a
** control character.
*/
#include "state.h"

static const char chunk[] =
  "local ids = require 'codeocean.ids'\n"
  "return function(text)\n"
  "  local read = text:gmatch('[^\\n]*\\n?')\n"
  "  local function lines()\n"
  "    local line = read()\n"
  "    if line ~= '' then return line end\n"
  "  end\n"
  "  local list, complaints = ids.read(lines, { name = 'list' })\n"
  "  if not list then\n"
  "    assert(type(complaints) == 'string' and not complaints:find('%c'))\n"
  "    return\n"
  "  end\n"
  "  local seen = {}\n"
  "  for _, item in ipairs(list) do\n"
  "    assert(ids.valid(item.id) and item.line >= 1)\n"
  "    local id = ids.canonical(item.id)\n"
  "    assert(not seen[id], 'twice')\n"
  "    seen[id] = true\n"
  "  end\n"
  "  for _, row in ipairs(complaints) do\n"
  "    assert(not row.message:find('%c'), row.message)\n"
  "    assert(row.message:find('list:' .. row.line .. ': ', 1, true))\n"
  "  end\n"
  "end";


int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  fuzz_call(fuzz_state(chunk), bytes, length);
  return 0;
}
