/*
** colua: a replacement for lua5.4 that adds the module codeocean and its
** commands. main only creates the state; everything that can raise runs under
** lua_pcall.
** Pointers kept while Lua runs point into argv and the options, which belong to
** main, or to values on the Lua stack.
*/
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "colua/alloc.h"
#include "colua/lbundle.h"
#include "colua/lcoroutine.h"
#include "colua/lrepl.h"
#include "colua/lrun.h"
#include "colua/lsandbox.h"
#include "colua/environment.h"
#include "colua/options.h"
#include "colua/warning.h"
#include "version.h"

#define VERSION_LINE "colua " COLUA_VERSION "  (" LUA_RELEASE ")"

enum { STATUS_USAGE = 2, STATUS_INTERRUPTED = 130 };


static const char *program(char **argv) {
  return argv[0] != NULL && argv[0][0] != '\0' ? argv[0] : "colua";
}


static void print_lua_version(void) {
  puts(LUA_COPYRIGHT);
  fflush(stdout);
}


/* Flushes standard output. Returns EXIT_SUCCESS; or EXIT_FAILURE, after a line
** on stderr, if some output is lost. A closed pipe (`| head`) is no failure. */
static int output_status(void) {
  errno = 0;
  bool lost = fflush(stdout) != 0 || ferror(stdout);
  if (!lost || errno == EPIPE) return EXIT_SUCCESS;
  char line[200] = "standard output cannot be written";
  if (errno != 0)
    snprintf(line, sizeof line, "standard output cannot be written: %s",
             strerror(errno));
  cl_run_complain(line);
  return EXIT_FAILURE;
}


/*
** The global `arg` and the arguments of a script
*/

static void set_arg(lua_State *L, char **argv, int argc, int script) {
  lua_pushboolean(L, script < argc);
  lua_setfield(L, LUA_REGISTRYINDEX, CL_BUNDLE_HAS_SCRIPT);
  if (script == argc) script = 0;   /* no script: colua itself is arg[0] */
  lua_createtable(L, argc - script, script + 1);
  for (int i = 0; i < argc; i++) {
    lua_pushstring(L, argv[i]);
    lua_rawseti(L, -2, i - script);
  }
  lua_setglobal(L, "arg");
}


/* Pushes arg[1], arg[2], … and returns their number. Earlier code may have
** changed `arg`. */
static int push_arguments(lua_State *L) {
  if (lua_getglobal(L, "arg") != LUA_TTABLE)
    luaL_error(L, "'arg' is not a table");
  lua_Integer length = luaL_len(L, -1);   /* __len may give any number */
  if (length < 0 || length > INT_MAX - 3)
    luaL_error(L, "'arg' has no usable length");
  int n = (int)length;
  luaL_checkstack(L, n + 3, "too many arguments to script");
  for (int i = 1; i <= n; i++) lua_rawgeti(L, -i, i);
  lua_remove(L, -n - 1);
  return n;
}


/*
** LUA_INIT, -e, -l, -W
*/

static int run_string(lua_State *L, const char *code, const char *name) {
  return cl_run_chunk(L, luaL_loadbuffer(L, code, strlen(code), name));
}


static int run_statement(lua_State *L, const char *code) {
  return run_string(L, code, "=(command line)");
}


/* Loads a script; NULL: from stdin. */
static int load_script(lua_State *L, const char *name) {
  return luaL_loadfilex(L, name, NULL);
}


static int run_init(lua_State *L) {
  static const char *const names[] = {"=LUA_INIT_5_4", "=LUA_INIT"};
  const char *name = names[0];
  const char *init = getenv(name + 1);
  if (init == NULL) init = getenv((name = names[1]) + 1);
  if (init == NULL) return LUA_OK;
  if (init[0] == '@') return cl_run_chunk(L, luaL_loadfile(L, init + 1));
  return run_string(L, init, name);
}


/*
** The length of the global's name in "module" or "global=module". From Lua
** 5.4.7 on, as in its lua.c, a module's name ends at its version's hyphen.
*/
static size_t global_length(const char *text) {
  int cut = LUA_VERSION_RELEASE_NUM >= 50407 && strchr(text, '=') == NULL;
  return strcspn(text, cut ? "-" : "=");
}


/* -l: "module" or "global=module". */
static int run_require(lua_State *L, const char *text) {
  const char *equals = strchr(text, '=');
  lua_pushlstring(L, text, global_length(text));
  lua_getglobal(L, "require");
  lua_pushstring(L, equals ? equals + 1 : text);
  int status = cl_run_call(L, 1, 1);
  if (status == LUA_OK) {
    lua_pushglobaltable(L);
    lua_insert(L, -3);
    lua_settable(L, -3);
  }
  return cl_run_report(L, status);
}


static int run_options(lua_State *L, char **argv, int script) {
  int i = 1, status = LUA_OK;
  const char *value;
  unsigned option;
  while (status == LUA_OK &&
         (option = cl_options_next(argv, script, &i, &value)) != 0) {
    if (option == CL_EXECUTE)
      status = run_statement(L, value);
    else if (option == CL_REQUIRE)
      status = run_require(L, value);
    else
      lua_warning(L, "@on", 0);
  }
  return status;
}


/*
** Scripts and commands: each returns the exit status
*/

/* Whether the name may be a mistyped command. */
static int is_bare_word(const char *name) {
  size_t n = strlen(name);
  return isalpha((unsigned char)name[0]) && strchr(name, '/') == NULL &&
         (n < 4 || strcmp(name + n - 4, ".lua") != 0);
}


static int run_script(lua_State *L, char **argv) {
  const char *name = argv[0];
  if (strcmp(name, "-") == 0 && strcmp(argv[-1], "--") != 0)
    name = NULL;    /* stdin */
  int status = load_script(L, name);
  if (status == LUA_OK)
    status = cl_run_call(L, push_arguments(L), LUA_MULTRET);
  cl_run_report_script(L, status);
  if (status == LUA_ERRFILE && name != NULL && is_bare_word(name) &&
      access(name, F_OK) != 0)
    cl_run_complain(cl_bundle_push_hint(
      L, name, "no command has this name either (--help lists them)"));
  return status == LUA_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}


/* The status that a command returned; nothing means success. */
static int command_status(lua_State *L, const char *name) {
  int status = EXIT_SUCCESS;
  if (lua_isinteger(L, -1)) {
    status = (int)lua_tointeger(L, -1);
  } else if (!lua_isnil(L, -1)) {
    cl_run_complain(lua_pushfstring(L,
      "command '%s' returned a %s, not a status", name, luaL_typename(L, -1)));
    status = EXIT_FAILURE;
  }
  return status == EXIT_SUCCESS ? output_status() : status;
}


static int run_command(lua_State *L, const char *name) {
  int status = cl_bundle_load_command(L, name);
  if (status == LUA_OK) status = cl_run_call(L, push_arguments(L), 1);
  if (status == LUA_OK) return command_status(L, name);
  if (cl_run_was_interrupted()) {
    cl_run_complain("interrupted");
    return STATUS_INTERRUPTED;
  }
  cl_run_report(L, status);
  return EXIT_FAILURE;
}


static int run_file(lua_State *L, char **argv) {
  return cl_bundle_is_command(argv[0]) ? run_command(L, argv[0])
                                       : run_script(L, argv);
}


/*
** The session
*/

static void run_session(lua_State *L, char **argv) {
  cl_run_set_program(NULL);   /* no "colua: " before errors at a prompt */
  cl_repl_run(L, VERSION_LINE);
  cl_run_set_program(program(argv));
}


/* Without a script: runs a session on a terminal, else the piped input. */
static void run_stdin(lua_State *L, char **argv) {
  if (!isatty(STDIN_FILENO)) {
    cl_run_chunk(L, load_script(L, NULL));    /* status 0 even if it fails */
    return;
  }
  run_session(L, argv);
}


/*
** Main
*/

static void open_state(lua_State *L, const struct cl_options *options,
                       char **argv, int argc) {
  if (options->flags & CL_NO_ENV) {
    lua_pushboolean(L, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, "LUA_NOENV");
  }
  luaL_openlibs(L);
  cl_bundle_install(L);
  cl_coroutine_install(L);
  set_arg(L, argv, argc, options->script);
  lua_gc(L, LUA_GCGEN, 0, 0);
  int is_script = options->script < argc &&
                  !cl_bundle_is_command(argv[options->script]);
  if (options->profile != NULL || options->flags & CL_SANDBOX)
    cl_bundle_keep_token(L);
  cl_environment_set(options, is_script ? argv + options->script + 1 : NULL);
  if (options->flags & CL_SANDBOX) cl_sandbox_start(L, options->sandbox);
}


static int run(lua_State *L, const struct cl_options *options, char **argv,
               int argc) {
  const unsigned done = CL_EXECUTE | CL_LUA_VERSION;
  int status = EXIT_SUCCESS, script = options->script;
  if (!(options->flags & CL_NO_ENV) && run_init(L) != LUA_OK)
    return EXIT_FAILURE;
  if (run_options(L, argv, script) != LUA_OK) return EXIT_FAILURE;
  if (script < argc) status = run_file(L, argv + script);
  if (options->flags & CL_INTERACTIVE) {
    if (status == EXIT_SUCCESS) run_session(L, argv);
  } else if (script == argc && !(options->flags & done)) {
    run_stdin(L, argv);
  }
  return status;
}


/*
** The words "help" and "version"
*/

/* Treats "help" and "version" as the options, and changes argv from "help
** COMMAND" to "COMMAND --help". 0, or STATUS_USAGE if there is no such
** command. */
static int read_words(struct cl_options *options, char **argv, int argc) {
  static char help[] = "--help";
  char **word = argv + options->script;
  int words = argc - options->script;
  if (words == 1 && strcmp(word[0], "version") == 0)
    options->flags |= CL_VERSION;
  if (words < 1 || strcmp(word[0], "help") != 0) return 0;
  if (words == 1) {
    options->flags |= CL_HELP;
    return 0;
  }
  if (!cl_bundle_is_command(word[1])) return STATUS_USAGE;
  word[0] = word[1];
  word[1] = help;
  return 0;
}


static int refuse_help(lua_State *L, const char *name) {
  const char *hint = cl_bundle_push_hint(L, name, "--help lists them");
  cl_run_complain(
    lua_pushfstring(L, "help: there is no command '%s'; %s", name, hint));
  return STATUS_USAGE;
}


static int refuse_options(lua_State *L, const struct cl_options *options,
                          char **argv) {
  cl_options_complain(options, program(argv));
  cl_run_complain(cl_bundle_push_option_hint(L, options->bad, argv + 1));
  return EXIT_FAILURE;
}


/* (argc, argv) -> exit status */
static int protected_main(lua_State *L) {
  int argc = (int)lua_tointeger(L, 1);
  char **argv = lua_touserdata(L, 2);
  struct cl_options options;
  int status = EXIT_SUCCESS;
  luaL_checkversion(L);
  cl_run_set_program(program(argv));
  if (cl_options_read(&options, argv) != 0) {
    status = refuse_options(L, &options, argv);
  } else if (options.profile != NULL && (options.flags & CL_SANDBOX)) {
    cl_run_complain("--profile and --sandbox exclude each other");
    status = EXIT_FAILURE;
  } else if (read_words(&options, argv, argc) != 0) {
    status = refuse_help(L, argv[options.script + 1]);
  } else if (options.flags & CL_HELP) {
    cl_options_help(stdout, program(argv));
    status = output_status();
  } else if (options.flags & CL_VERSION) {
    puts(VERSION_LINE);
    status = output_status();
  } else {
    if (options.flags & CL_LUA_VERSION) print_lua_version();
    open_state(L, &options, argv, argc);
    status = run(L, &options, argv, argc);
  }
  lua_pushinteger(L, status);
  return 1;
}


/* Opens standard files that are closed, so that a file opened later, such as a
** journal, does not become standard output. Using them fails as before. */
static void hold_standard_files(void) {
  static const int useless[] = {O_WRONLY, O_RDONLY, O_RDONLY};
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0) open("/dev/null", useless[fd]);
}


/* Forbids core files and reading by other processes: the token is in the
** environment, in Lua's strings and in libcurl. */
int main(int argc, char **argv) {
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  static cl_alloc_pool pool;
  static cl_warning warning;
  hold_standard_files();
  lua_State *L = lua_newstate(cl_alloc, &pool);
  if (L == NULL) {
    cl_run_set_program(program(argv));
    cl_run_complain("cannot create state: not enough memory");
    return EXIT_FAILURE;
  }
  lua_setwarnf(L, cl_warn, &warning);
  lua_pushcfunction(L, protected_main);
  lua_pushinteger(L, argc);
  lua_pushlightuserdata(L, argv);
  int failed = lua_pcall(L, 2, 1, 0);
  int status = failed ? EXIT_FAILURE : (int)lua_tointeger(L, -1);
  cl_run_report(L, failed);
  lua_close(L);
  return status;
}
