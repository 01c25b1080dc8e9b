/*
** The module colua.secret: reads a line from the terminal without echo, for
** `colua login`. Reads /dev/tty, so that standard input may be a pipe. read()
** restores the terminal before it returns; Ctrl-C ends the line. Keeps no
** pointer to a Lua value; the buffer is wiped.
*/
#include "colua/lsecret.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LONGEST = 4096, CTRL_C = 3, CTRL_D = 4, BACKSPACE = 8, DELETE = 127 };

enum ending { LINE, END, INTERRUPTED };


/* Adds a byte to the text. Returns 1 if the byte ends the line, else 0; Ctrl-C
** sets `how`. */
static int add_byte(char *text, size_t *length, unsigned char byte,
                    enum ending *how) {
  if (byte == CTRL_C) *how = INTERRUPTED;
  if (byte == '\n' || byte == '\r' || byte == CTRL_C ||
      (byte == CTRL_D && *length == 0))
    return 1;
  if (byte == BACKSPACE || byte == DELETE) {
    if (*length > 0) (*length)--;
  } else if (*length < LONGEST) {
    text[(*length)++] = (char)byte;
  }
  return 0;
}


static enum ending read_line(int fd, char *text, size_t *length) {
  enum ending how = LINE;
  unsigned char byte;
  for (;;) {
    ssize_t n = read(fd, &byte, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return END;
    if (add_byte(text, length, byte, &how)) {
      if (byte == CTRL_D) how = END;
      return how;
    }
  }
}


/* Switches echo off, and makes Ctrl-C a byte. */
static int be_silent(int fd, struct termios *before) {
  struct termios silent;
  if (tcgetattr(fd, before) != 0) return -1;
  silent = *before;
  silent.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
  silent.c_cc[VMIN] = 1;
  silent.c_cc[VTIME] = 0;
  return tcsetattr(fd, TCSAFLUSH, &silent);
}


/* read(prompt) -> the line, without its end; or nil and "end", "interrupted"
** or "no terminal" */
static int secret_read(lua_State *L) {
  static const char *const words[] = {
    [END] = "end", [INTERRUPTED] = "interrupted"
  };
  size_t size, length = 0;
  const char *prompt = luaL_checklstring(L, 1, &size);
  struct termios before;
  char text[LONGEST];
  int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd < 0 || be_silent(fd, &before) != 0) {
    if (fd >= 0) close(fd);
    luaL_pushfail(L);
    lua_pushliteral(L, "no terminal");
    return 2;
  }
  (void)!write(fd, prompt, size);
  enum ending how = read_line(fd, text, &length);
  (void)!write(fd, "\n", 1);
  tcsetattr(fd, TCSAFLUSH, &before);
  close(fd);
  if (how == LINE) {
    lua_pushlstring(L, text, length);
  } else {
    luaL_pushfail(L);
    lua_pushstring(L, words[how]);
  }
  explicit_bzero(text, sizeof text);
  return how == LINE ? 1 : 2;
}


static const luaL_Reg functions[] = {
  {"read", secret_read},
  {NULL, NULL}
};


int luaopen_colua_secret(lua_State *L) {
  luaL_newlib(L, functions);
  return 1;
}
