/*
** The terminal of a session: see terminal.h. Knows no Lua.
*/
#include "colua/terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "colua/linterrupt.h"

/* Bracketed paste: the terminal sends a pasted block between two marks. */
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

static struct {
  struct termios found, raw;    /* at cl_terminal_open; while editing */
  int can_edit, is_raw;
  char *line;                   /* of the last read */
} terminal;

static volatile sig_atomic_t resized;


static int moves_cursor(void) {
  const char *term = getenv("TERM");
  return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term != NULL &&
         term[0] != '\0' && strcmp(term, "dumb") != 0;
}


static void on_resize(int number) {
  (void)number;
  resized = 1;
}


static void watch_size(void) {
  struct sigaction action = {0};
  action.sa_handler = on_resize;
  sigemptyset(&action.sa_mask);
  sigaction(SIGWINCH, &action, NULL);
}


static void block_resize(int block) {
  sigset_t winch;
  sigemptyset(&winch);
  sigaddset(&winch, SIGWINCH);
  pthread_sigmask(block ? SIG_BLOCK : SIG_UNBLOCK, &winch, NULL);
}


int cl_terminal_open(void) {
  /* Type-ahead must stay in the terminal for the next reader. */
  setvbuf(stdin, NULL, _IONBF, 0);
  if (!moves_cursor() || tcgetattr(STDIN_FILENO, &terminal.found) != 0)
    return 0;
  terminal.raw = terminal.found;
  terminal.raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IXON | ISTRIP);
  terminal.raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG | IEXTEN);
  terminal.raw.c_cc[VMIN] = 1;
  terminal.raw.c_cc[VTIME] = 0;
  terminal.can_edit = 1;
  watch_size();
  return 1;
}


void cl_terminal_close(void) {
  cl_terminal_raw(0);
  free(terminal.line);
  terminal.line = NULL;
  terminal.can_edit = 0;
}


/*
** Whole lines
*/

static void show_prompt(const char *prompt) {
  for (; *prompt != '\0'; prompt++)
    if (*prompt != '\1') putchar(*prompt);
  fflush(stdout);
}


static enum cl_terminal_result get_line(void) {
  size_t size = 0;
  int waited;
  do {
    waited = isatty(STDIN_FILENO) ? cl_interrupt_wait(STDIN_FILENO) : 0;
  } while (waited > 0);
  if (waited < 0) {
    show_prompt("\n");
    return CL_TERMINAL_INTERRUPTED;
  }
  if (getline(&terminal.line, &size, stdin) >= 0) return CL_TERMINAL_LINE;
  clearerr(stdin);
  return CL_TERMINAL_END;
}


enum cl_terminal_result cl_terminal_read(const char *prompt,
                                         const char **line) {
  free(terminal.line);
  terminal.line = NULL;
  cl_interrupt_forget();
  show_prompt(prompt);
  enum cl_terminal_result result = get_line();
  *line = result == CL_TERMINAL_LINE ? terminal.line : NULL;
  if (result == CL_TERMINAL_LINE)
    terminal.line[strcspn(terminal.line, "\n")] = '\0';
  return result;
}


/*
** Single bytes
*/

static void write_now(const char *text) {
  fputs(text, stdout);
  fflush(stdout);
}


void cl_terminal_raw(int on) {
  if (!terminal.can_edit || on == terminal.is_raw) return;
  terminal.is_raw = on;
  if (on) cl_interrupt_forget();
  block_resize(on);
  if (!on) write_now(PASTE_OFF);
  tcsetattr(STDIN_FILENO, TCSADRAIN, on ? &terminal.raw : &terminal.found);
  if (on) write_now(PASTE_ON);
}


/* Waits for a byte. 0 if there is one; else as cl_interrupt_wait. */
static int wait_for_byte(int ms) {
  struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
  if (ms < 0) return cl_interrupt_wait(STDIN_FILENO);
  return poll(&ready, 1, ms) > 0 ? 0 : 1;
}


static enum cl_terminal_result read_byte(unsigned char *byte) {
  ssize_t n;
  do {
    n = read(STDIN_FILENO, byte, 1);
  } while (n < 0 && errno == EINTR);
  return n == 1 ? CL_TERMINAL_BYTE : CL_TERMINAL_END;
}


enum cl_terminal_result cl_terminal_byte(int ms, unsigned char *byte) {
  for (;;) {
    int waited = wait_for_byte(ms);
    if (waited < 0) return CL_TERMINAL_INTERRUPTED;
    if (waited == 0) return read_byte(byte);
    int was_resized = resized;
    resized = 0;
    if (was_resized) return CL_TERMINAL_RESIZED;
    if (ms >= 0) return CL_TERMINAL_NONE;
  }
}


int cl_terminal_byte_waits(void) {
  struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&ready, 1, 0) > 0;
}


void cl_terminal_size(int *columns, int *rows) {
  struct winsize size = {0};
  int known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  *columns = known && size.ws_col > 0 ? size.ws_col : 80;
  *rows = known && size.ws_row > 0 ? size.ws_row : 24;
}


void cl_terminal_suspend(void) {
  int was_raw = terminal.is_raw;
  cl_terminal_raw(0);
  kill(0, SIGTSTP);
  cl_terminal_raw(was_raw);
}
