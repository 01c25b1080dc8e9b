/*
** src/core/text/html.c: pages of real gateways, and texts that are not HTML.
*/
#include "core/text/html.h"

#include "check.h"


static void test_pages(void) {
  static const struct { const char *text; bool page; } rows[] = {
    {"<html>", true}, {" \r\n<!DOCTYPE html>", true}, {"<", true},
    {"", false}, {"   ", false}, {"{\"a\":\"<b>\"}", false}, {"no <b>", false}
  };
  for (size_t i = 0; i < ROWS(rows); i++)
    CHECK_ROW(rows[i].text, co_html_is_page(rows[i].text,
              strlen(rows[i].text)) == rows[i].page);
}


static void test_words(void) {
  static const struct { const char *text, *words; } rows[] = {
    {"<html>\r\n<head><title>503 Service Temporarily Unavailable</title>"
     "</head><body><center><h1>503</h1></center>",
     "503 Service Temporarily Unavailable"},
    {"<html><body><h1>503 Service Unavailable</h1>\nNo server is available "
     "to handle this request.\n</body></html>\n",
     "503 Service Unavailable No server is available to handle this request."},
    {"<TITLE lang=en>\n  Sign\n  in </TITLE>", "Sign in"},
    {"<title></title><p>one<!-- two --><script>three</script>"
     "<style>p { }</style> four", "one four"},
    {"<p>a</p><p>b</p>", "a b"},
    {"<html", ""}, {"<title>cut", "cut"}, {"<!-- open", ""}, {"<<<>", ""},
    {"", ""}
  };
  for (size_t i = 0; i < ROWS(rows); i++) {
    char words[100];
    size_t n = co_html_words(rows[i].text, strlen(rows[i].text), words,
                             sizeof words);
    CHECK_ROW_TEXT(rows[i].text, words, rows[i].words);
    CHECK(n == strlen(words));
  }
}


/* Every cut of a text, in every room: nothing is read or written beyond. */
static void test_bounds(void) {
  static const char text[] = "<!--a--><title>b c</title><script>d</script> e";
  char words[40];
  for (size_t length = 0; length < sizeof text; length++)
    for (size_t room = 1; room < sizeof words; room++)
      CHECK(co_html_words(text, length, words, room) < room);
}


int main(void) {
  test_pages();
  test_words();
  test_bounds();
  return check_report();
}
