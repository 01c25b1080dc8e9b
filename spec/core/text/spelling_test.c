/*
** src/core/text/spelling.c: the byte that an escape means, and the length of
** the escape. The spellings of secrets are in secret_test.c.
*/
#include "core/text/spelling.h"

#include "check.h"


static const struct row {
  const char *text;
  int level;
  size_t size;
  char byte;
} rows[] = {
  {"", 3, 0, '\0'},           {"c", 3, 1, 'c'},
  {"%63", 0, 1, '%'},         {"%63", 1, 3, 'c'},
  {"%63", 3, 3, 'c'},         {"%6", 3, 1, '%'},
  {"%6G", 3, 1, '%'},         {"%00", 1, 1, '%'},
  {"%2563", 1, 3, '%'},       {"%2563", 2, 5, 'c'},
  {"%252563", 2, 5, '%'},     {"%252563", 3, 7, 'c'},
  {"\\u0063", 1, 6, 'c'},     {"\\u0163", 1, 1, '\\'},
  {"\\\\u0063", 1, 2, '\\'},  {"\\\\u0063", 2, 7, 'c'},
  {"\\/", 1, 2, '/'},         {"\\n", 1, 2, '\n'},
  {"\\143", 1, 4, 'c'},       {"\\x63", 1, 4, 'c'},
  {"&#99;", 1, 5, 'c'},       {"&#99", 1, 1, '&'},
  {"&#X63;", 1, 6, 'c'},      {"&#00000099;", 1, 11, 'c'},
  {"&#000000099;", 1, 1, '&'}, {"&amp;#99;", 2, 9, 'c'},
  {"%26%2399%3B", 2, 11, 'c'}, {"%%36%33", 3, 1, '%'},
};


int main(void) {
  for (size_t i = 0; i < ROWS(rows); i++) {
    char byte = '\0';
    size_t size = co_spelling_read(rows[i].text, strlen(rows[i].text),
                                   rows[i].level, &byte);
    CHECK_ROW(rows[i].text, size == rows[i].size && byte == rows[i].byte);
  }
  CHECK(co_spelling_starts('%') && co_spelling_starts('\\'));
  CHECK(co_spelling_starts('&') && !co_spelling_starts('c'));
  return check_report();
}
