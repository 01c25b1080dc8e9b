/*
** Bare libcurl, many updates in flight: one multi handle, curl_multi_poll,
** handles used again.
**
**   multi BASE COUNT IN_FLIGHT [CA]
*/
#include <stdlib.h>

#include "bare.h"

enum { WAIT_MS = 1000 };

typedef struct flock {
  bare work;
  CURLM *multi;
  long count, started, done;
} flock;


static void start(flock *all, CURL *easy) {
  bare_aim(&all->work, easy, all->started++);
  curl_multi_add_handle(all->multi, easy);
}


/* True if it started others: they must be performed before the next wait. */
static bool collect(flock *all) {
  CURLMsg *message;
  int left;
  bool any = false;
  while ((message = curl_multi_info_read(all->multi, &left)) != NULL) {
    CURL *easy = message->easy_handle;
    bare_check(easy, message->data.result);
    all->done++;
    curl_multi_remove_handle(all->multi, easy);
    if (all->started < all->count) start(all, easy);
    else curl_easy_cleanup(easy);
    any = true;
  }
  return any;
}


static void run(flock *all) {
  int running;
  while (all->done < all->count) {
    curl_multi_perform(all->multi, &running);
    if (!collect(all) && all->done < all->count)
      curl_multi_poll(all->multi, NULL, 0, WAIT_MS, NULL);
  }
}


int main(int argc, char **argv) {
  flock all = {0};
  if (argc < 4) return 2;
  bare_init(&all.work, "update", argv[1], argc > 4 ? argv[4] : NULL);
  all.multi = curl_multi_init();
  all.count = atol(argv[2]);
  long jobs = atol(argv[3]);
  curl_multi_setopt(all.multi, CURLMOPT_MAXCONNECTS, jobs);
  for (long i = 0; i < jobs && i < all.count; i++)
    start(&all, bare_easy(&all.work));
  run(&all);
  curl_multi_cleanup(all.multi);
  bare_end(&all.work);
  return 0;
}
