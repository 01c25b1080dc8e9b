/*
** The sandbox's readers of the header Range (the result lies inside the file
** and is what the header asks for) and of lists of entity tags (a tag is found
** only as a whole entry).
*/
#include "sandbox/api/range.h"

#include "fuzz.h"

static const size_t totals[] = {0, 1, 100, SIZE_MAX};


static void check_range(const char *header, size_t total) {
  size_t first = 0, last = 0;
  if (sb_range_read(header, total, &first, &last) != SB_PART) return;
  MUST(first <= last && last < total);
  unsigned long long from, to;
  int end = -1;
  if (sscanf(header + 6, "%llu-%n", &from, &end) == 1 && end > 0)
    MUST(first == from);
  if (sscanf(header + 6, "-%llu", &to) == 1) MUST(last == total - 1);
}


int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  char *text = fuzz_text(bytes, length);
  for (size_t i = 0; i < sizeof totals / sizeof *totals; i++)
    check_range(text, totals[i]);
  MUST(!sb_tags_have(text, "\"tag\"") || strstr(text, "\"tag\"") != NULL ||
       strcmp(text, "*") == 0);
  free(text);
  return 0;
}
