/*
** A counter that each child of fork() raises.
*/
#include "core/forks.h"

#include <pthread.h>

static int forks;


static void count_fork(void) {
  forks++;
}


static void follow_forks(void) {
  pthread_atfork(NULL, NULL, count_fork);
}


int co_forks(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, follow_forks);
  return forks;
}
