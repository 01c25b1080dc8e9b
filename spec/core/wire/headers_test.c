/*
** src/core/wire/headers.c: which headers are kept, and up to which length.
*/
#include "core/wire/headers.h"

#include "check.h"


/* Lines, divided by '|', that libcurl would hand over one by one. */
static const struct {
  const char *lines, *retry_after, *date;
} rows[] = {
  {"HTTP/1.1 429 Too Many Requests|Retry-After: 7\r\n|\r\n", "7", ""},
  {"HTTP/2 429|retry-after:7|date:\t now \r\n", "7", "now"},
  {"HTTP/2 200|RETRY-AFTER: Fri, 31 Dec 1999 23:59:59 GMT|Date: x",
   "Fri, 31 Dec 1999 23:59:59 GMT", "x"},
  {"HTTP/2 200|Retry-After: 1|Retry-After: 2", "1", ""},
  {"HTTP/1.1 100 Continue|Retry-After: 1|HTTP/1.1 200|Date: a", "", "a"},
  {"HTTP/2 200|Retry-After|Retry-Afterwards: 1|X-Retry-After: 2|Dates: 1",
   "", ""},
  {"HTTP/2 200|Retry-After:|Date: ", "", ""},
  {"HTTP/2 200|Retry-After: 1234567890123456789012345678901234567890"
   "12345678901234567890123|Date: d",
   "123456789012345678901234567890123456789012345678901234567890123", "d"},
  {"HTTP/2 200|Retry-After: 1234567890123456789012345678901234567890"
   "123456789012345678901234", "", ""}
};


/* The bytes behind the line are not its own, as in libcurl. */
static void read_lines(co_headers *headers, const char *lines) {
  char line[256];
  while (*lines != '\0') {
    size_t length = strcspn(lines, "|");
    memset(line, '9', sizeof line);
    memcpy(line, lines, length);
    CHECK(co_headers_read(line, 1, length, headers) == length);
    lines += length + (lines[length] == '|');
  }
}


int main(void) {
  co_headers headers = {"left", "over"};
  for (size_t i = 0; i < ROWS(rows); i++) {
    read_lines(&headers, rows[i].lines);
    CHECK_ROW_TEXT(rows[i].lines, headers.retry_after, rows[i].retry_after);
    CHECK_ROW_TEXT(rows[i].lines, headers.date, rows[i].date);
  }
  return check_report();
}
