/*
** src/core/text/message.c: what no message may show, whatever the environment
** was or is.
*/
#include "core/text/message.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"


static const char *masked(const char *text) {
  static char copy[200];
  snprintf(copy, sizeof copy, "%s", text);
  co_message_mask(copy, strlen(copy));
  return copy;
}


/* A token as long as the system lets a variable be. */
static void check_longest(void) {
  enum { LONGEST = 128 * 1024 - sizeof "CODEOCEAN_TOKEN=" };
  static char token[LONGEST + 1], text[LONGEST + 1];
  for (unsigned i = 0, seed = 1; i < LONGEST; i++) {
    seed = seed * 1103515245u + 12345u;
    token[i] = (char)('a' + seed / 65536 % 26);
  }
  setenv("CODEOCEAN_TOKEN", token, 1);
  memcpy(text, token, sizeof text);
  co_message_mask(text, LONGEST);
  CHECK(strspn(text, "*") == LONGEST);
}


int main(void) {
  unsetenv("CODEOCEAN_TOKEN");
  co_message_keep_token();
  CHECK_TEXT(masked("first-token cop_abc"), "first-token cop_***");
  CHECK_TEXT(masked("x://joe:pw@h joe@h"), "x://******@h joe@h");
  setenv("CODEOCEAN_TOKEN", "first-token", 1);
  co_message_keep_token();
  CHECK_TEXT(masked("a first-token"), "a ***********");
  setenv("CODEOCEAN_TOKEN", "other-token", 1);
  CHECK_TEXT(masked("first-token, other-token"), "***********, ***********");
  unsetenv("CODEOCEAN_TOKEN");
  CHECK_TEXT(masked("first-token, other-token"), "***********, other-token");
  check_longest();
  return check_report();
}
