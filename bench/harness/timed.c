/*
** Runs a program and measures its time and memory. It is small itself, for the
** peak of a process begins with that of its parent.
**
**   timed CPU PROGRAM [ARGUMENTS]       CPU: -1 for any
**
** Prints, after all that the program prints: CPU and wall time in seconds,
** and the most memory in KiB.
*/
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;


static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}


static double seconds(struct timeval t) {
  return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}


static void stay_on(int cpu) {
  cpu_set_t set;
  if (cpu < 0) return;
  CPU_ZERO(&set);
  CPU_SET((size_t)cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
}


int main(int argc, char **argv) {
  pid_t child;
  int status;
  struct rusage used;
  if (argc < 3) return 2;
  stay_on(atoi(argv[1]));
  double began = now();
  int code = posix_spawnp(&child, argv[2], NULL, NULL, argv + 2, environ);
  if (code != 0) fprintf(stderr, "%s: %s\n", argv[2], strerror(code));
  if (code != 0 || wait4(child, &status, 0, &used) < 0) return 127;
  double took = now() - began;
  printf("\ncpu %.6f\nprocess %.6f\npeak %ld\n",
         seconds(used.ru_utime) + seconds(used.ru_stime), took,
         used.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
