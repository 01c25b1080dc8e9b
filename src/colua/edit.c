/*
** Lines from a terminal. The only user of libedit, with editkeys.c.
*/
#include <errno.h>
#include <locale.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "colua/editor.h"
#include "colua/linterrupt.h"

enum { HISTORY_MAX = 5000 };

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

struct co_editor co_editor;
static volatile sig_atomic_t resized;


/* A terminal that can move its cursor. */
static int can_edit(void) {
  const char *term = getenv("TERM");
  return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term != NULL &&
         term[0] != '\0' && strcmp(term, "dumb") != 0;
}


/*
** Without editing
*/

/* The marks around escape sequences mean nothing here. */
static void print_prompt(const char *prompt) {
  for (; *prompt != '\0'; prompt++)
    if (*prompt != '\1') putchar(*prompt);
  fflush(stdout);
}


static enum co_edit_result read_plain(const char *prompt) {
  size_t size = 0;
  int waited;
  print_prompt(prompt);
  do {
    waited = isatty(STDIN_FILENO) ? co_interrupt_wait(STDIN_FILENO) : 0;
  } while (waited > 0);
  if (waited < 0) {
    print_prompt("\n");
    return CO_EDIT_INTERRUPTED;
  }
  if (getline(&co_editor.line, &size, stdin) >= 0) return CO_EDIT_LINE;
  clearerr(stdin);
  return CO_EDIT_END;
}


/*
** Characters
*/

/* The next byte, 0 at the end of the input, -1 for an interrupt. */
static int read_byte(unsigned char *byte) {
  for (;;) {
    int waited = co_interrupt_wait(STDIN_FILENO);
    if (waited < 0) return -1;
    if (resized) el_resize(co_editor.el);
    resized = 0;
    if (waited > 0) continue;
    ssize_t n = read(STDIN_FILENO, byte, 1);
    if (n >= 0) return (int)n;
    if (errno != EINTR) return 0;
  }
}


/* A character whose first byte is given; what is no UTF-8 is U+FFFD. */
static wchar_t read_rest(unsigned char byte) {
  int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : -1;
  wchar_t c = more < 0 ? 0xFFFD : byte & (0x3F >> more);
  for (; more > 0; more--) {
    if (read_byte(&byte) != 1 || (byte & 0xC0) != 0x80) return 0xFFFD;
    c = (wchar_t)(c << 6 | (byte & 0x3F));
  }
  return c;
}


static int read_terminal(wchar_t *c) {
  unsigned char byte;
  int n = read_byte(&byte);
  if (n == 0) return 0;
  if (n < 0)
    *c = KEY_INTERRUPT;
  else
    *c = byte < 0x80 ? (wchar_t)byte : read_rest(byte);
  if (*c >= 0x80 && *c < 0xA0) *c = 0xFFFD;
  return 1;
}


static int read_key(EditLine *el, wchar_t *c) {
  (void)el;
  if (co_editor.pendings > 0) {
    *c = co_editor.pending[--co_editor.pendings];
    return 1;
  }
  if (read_terminal(c) == 0) return 0;
  if (co_editor.search.on) *c = co_search_key(*c);
  return 1;
}


void co_editor_push_key(wchar_t key) {
  if (co_editor.pendings < PENDING_MAX)
    co_editor.pending[co_editor.pendings++] = key;
}


/*
** The editor
*/

static char *show_prompt(EditLine *el) {
  (void)el;
  return co_editor.search.on ? co_search_prompt() : co_editor.prompt;
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


/* The terminal speaks UTF-8, as what we print does, whatever LANG says. */
static void use_utf8(void) {
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
    setlocale(LC_CTYPE, "C.UTF-8");
}


static void set_up(EditLine *el, History *past) {
  HistEvent event;
  history(past, &event, H_SETSIZE, HISTORY_MAX);
  history(past, &event, H_SETUNIQUE, 1);
  el_set(el, EL_HIST, history, past);
  el_set(el, EL_EDITOR, "emacs");
  el_set(el, EL_SIGNAL, 0);
  el_set(el, EL_GETCFN, read_key);
  el_set(el, EL_PROMPT_ESC, show_prompt, '\1');
  /* Ctrl-C and Ctrl-Z are keys while a line is edited. */
  el_set(el, EL_SETTY, "-d", "-isig", NULL);
  co_editor_bind_keys(el);
  el_source(el, NULL);   /* the user's own .editrc wins */
}


int co_edit_open(co_complete complete, void *context) {
  /* What is typed ahead stays with the terminal, for whoever reads next. */
  setvbuf(stdin, NULL, _IONBF, 0);
  if (!can_edit()) return 0;
  use_utf8();
  co_editor.complete = complete;
  co_editor.context = context;
  co_editor.history = history_init();
  co_editor.el = el_init("colua", stdin, stdout, stderr);
  if (co_editor.el == NULL || co_editor.history == NULL) {
    co_edit_close();
    return 0;
  }
  set_up(co_editor.el, co_editor.history);
  watch_size();
  return 1;
}


void co_edit_close(void) {
  if (co_editor.el != NULL) el_end(co_editor.el);
  if (co_editor.history != NULL) history_end(co_editor.history);
  free(co_editor.prompt);
  free(co_editor.line);
  co_search_end();
  co_editor = (struct co_editor){0};
}


static void write_now(const char *text) {
  fputs(text, stdout);
  fflush(stdout);
}


static enum co_edit_result read_edited(const char *prompt) {
  int count = 0;
  free(co_editor.prompt);
  co_editor.prompt = strdup(prompt);
  co_editor.interrupted = 0;
  co_editor.pendings = 0;
  el_set(co_editor.el, EL_PREP_TERM, 1);   /* else the terminal echoes too */
  write_now(PASTE_ON);
  const char *text = el_gets(co_editor.el, &count);
  write_now(PASTE_OFF);
  co_search_end();
  if (co_editor.interrupted) return CO_EDIT_INTERRUPTED;
  co_editor.line = text != NULL && count > 0 ? strdup(text) : NULL;
  return co_editor.line != NULL ? CO_EDIT_LINE : CO_EDIT_END;
}


static void cut_newline(char *line) {
  size_t length = strlen(line);
  if (length > 0 && line[length - 1] == '\n') line[length - 1] = '\0';
}


enum co_edit_result co_edit_read(const char *prompt, const char **line) {
  free(co_editor.line);
  co_editor.line = NULL;
  co_interrupt_forget();
  enum co_edit_result result =
    co_editor.el != NULL ? read_edited(prompt) : read_plain(prompt);
  if (result == CO_EDIT_LINE) cut_newline(co_editor.line);
  *line = result == CO_EDIT_LINE ? co_editor.line : NULL;
  return result;
}


void co_edit_remember(const char *text) {
  HistEvent event;
  if (co_editor.history != NULL && text[0] != '\0')
    history(co_editor.history, &event, H_ENTER, text);
}
