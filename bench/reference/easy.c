/*
** Bare libcurl, one request after another with one easy handle.
**
**   easy get|update BASE COUNT [CA]
*/
#include <stdlib.h>

#include "bare.h"


int main(int argc, char **argv) {
  bare work;
  if (argc < 4) return 2;
  bare_init(&work, argv[1], argv[2], argc > 4 ? argv[4] : NULL);
  CURL *easy = bare_easy(&work);
  long count = atol(argv[3]);
  for (long n = 0; n < count; n++) {
    bare_aim(&work, easy, n);
    bare_check(easy, curl_easy_perform(easy));
  }
  curl_easy_cleanup(easy);
  bare_end(&work);
  return 0;
}
