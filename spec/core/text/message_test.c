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
  return check_report();
}
