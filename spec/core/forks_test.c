/*
** src/core/forks.c: the count grows in a child and stays in the parent.
*/
#include "core/forks.h"

#include <sys/wait.h>
#include <unistd.h>

#include "check.h"


/* What co_forks gives in a child of `depth` forks. */
static int forks_after(int depth) {
  int status = 0;
  pid_t child = fork();
  if (child == 0) _exit(depth > 1 ? forks_after(depth - 1) : co_forks());
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}


int main(void) {
  int before = co_forks();
  CHECK(forks_after(1) == before + 1);
  CHECK(forks_after(3) == before + 3);
  CHECK(co_forks() == before);
  return check_report();
}
