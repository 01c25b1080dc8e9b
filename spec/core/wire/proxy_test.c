/*
** src/core/wire/proxy.c: the secrets in the addresses of proxies.
*/
#include <stdlib.h>

#include "core/wire/proxy.h"
#include "core/text/secret.h"

#include "check.h"


static const struct row {
  const char *proxy, *text, *wanted;
} rows[] = {
  {"http://user:pa#ss@proxy:3128", "no 'pa#ss'", "no '*****'"},
  {"http://user:pa#ss@proxy:3128", "user:pa#ss", "**********"},
  {"http://user:pa%23ss@proxy", "pa#ss pa%23ss", "***** *******"},
  {"user:p@ss@proxy", "p@ss", "****"},
  {"http://user@proxy", "the user", "the ****"},
  {"http://proxy", "proxy", "proxy"},
  {"", "proxy", "proxy"},
  {"@", "proxy", "proxy"},
};


int main(void) {
  char text[80];
  for (size_t i = 0; i < ROWS(rows); i++) {
    co_buffer secrets;
    co_buffer_init(&secrets, 1000);
    setenv("https_proxy", rows[i].proxy, 1);
    co_proxy_add_secrets(&secrets);
    snprintf(text, sizeof text, "%s", rows[i].text);
    co_secret_mask(text, strlen(text), &secrets);
    CHECK_ROW_TEXT(rows[i].proxy, text, rows[i].wanted);
    bool user = strchr(rows[i].proxy, '@') != NULL;
    CHECK_ROW(rows[i].proxy, co_proxy_may_show("the Proxy fails") == user);
    CHECK_ROW(rows[i].proxy, co_proxy_may_show("x@y") == user);
    CHECK_ROW(rows[i].proxy, !co_proxy_may_show("the host fails"));
    co_buffer_free(&secrets);
  }
  unsetenv("https_proxy");
  CHECK(!co_proxy_may_show("proxy"));
  return check_report();
}
