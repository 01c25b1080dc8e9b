/*
** Line editing by libedit, in the manner of readline. The only user of
** libedit.
*/
#include "colua/edit.h"

#include <editline/readline.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>


static int on_terminal(void) {
  return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}


static char *read_plain(const char *prompt) {
  char *line = NULL;
  size_t size = 0;
  fputs(prompt, stdout);
  fflush(stdout);
  ssize_t n = getline(&line, &size, stdin);
  if (n < 0) {
    free(line);
    return NULL;
  }
  if (n > 0 && line[n - 1] == '\n') line[n - 1] = '\0';
  return line;
}


char *co_edit_read(const char *prompt) {
  return on_terminal() ? readline(prompt) : read_plain(prompt);
}


void co_edit_keep(const char *line) {
  if (on_terminal() && line[0] != '\0') add_history(line);
}
