/*
** Finds the project's Lua files: in the checkout that this colua was built in,
** else among those compiled in. Called by colua.c and through `require`. Names
** and paths are used only while they are on the Lua stack; rows are static.
*/
#include "colua/lbundle.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "colua/bundle.h"
#include "colua/checkout.h"
#include "colua/lsecret.h"
#include "colua/lsignals.h"
#include "colua/options.h"

int luaopen_codeocean_core(lua_State *L);
int luaopen_codeocean_sandbox(lua_State *L);


const struct cl_bundle_file *cl_bundle_find(enum cl_bundle_kind kind,
                                            const char *name) {
  for (size_t i = 0; i < cl_bundle_count; i++) {
    if (cl_bundle[i].kind == kind && strcmp(cl_bundle[i].name, name) == 0)
      return &cl_bundle[i];
  }
  return NULL;
}


/*
** Files of the checkout
*/

/* Pushes root/folder/name.lua or root/folder/name/init.lua, whichever can be
   read, with dots of the name as slashes; or returns NULL and pushes
   nothing. */
static const char *push_checkout_path(lua_State *L, const char *folder,
                                      const char *name) {
  static const char *const endings[] = {".lua", "/init.lua"};
  const char *root = cl_checkout_root();
  if (root == NULL) return NULL;
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
    luaL_gsub(L, name, ".", "/");
    lua_pushfstring(L, "%s/%s/%s%s", root, folder, lua_tostring(L, -1),
                    endings[i]);
    lua_remove(L, -2);
    if (access(lua_tostring(L, -1), R_OK) == 0) return lua_tostring(L, -1);
    lua_pop(L, 1);
  }
  return NULL;
}


static int load_row(lua_State *L, const struct cl_bundle_file *file) {
  return luaL_loadbufferx(L, file->code, file->size, file->name, "b");
}


/*
** Searchers: name -> loader, where it came from
*/

static int finish_search(lua_State *L, int status, const char *name,
                         const char *where) {
  if (status != LUA_OK)
    return luaL_error(L, "error loading module '%s' from '%s':\n\t%s", name,
                      where, lua_tostring(L, -1));
  lua_pushstring(L, where);
  return 2;
}


/* Whether `name` is a module of the library (codeocean, codeocean.x) or of the
   session (colua.x). */
static int is_own(const char *name) {
  if (strncmp(name, "colua.", 6) == 0) return 1;
  return strncmp(name, "codeocean", 9) == 0 &&
         (name[9] == '\0' || name[9] == '.');
}


static int search_own(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  if (!is_own(name)) return 0;
  const char *path = push_checkout_path(L, "lua", name);
  if (path != NULL)
    return finish_search(L, luaL_loadfile(L, path), name, path);
  const struct cl_bundle_file *file = cl_bundle_find(CL_BUNDLE_MODULE, name);
  if (file != NULL)
    return finish_search(L, load_row(L, file), name, ":colua:");
  lua_pushfstring(L, "no module '%s' in colua", name);
  return 1;
}


static int search_fallback(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  const struct cl_bundle_file *file = cl_bundle_find(CL_BUNDLE_FALLBACK, name);
  if (file != NULL)
    return finish_search(L, load_row(L, file), name, ":colua:");
  return 0;
}


/* Inserts `search` at `at` into the list on the top of the stack. */
static void insert_searcher(lua_State *L, lua_Integer at,
                            lua_CFunction search) {
  for (lua_Integer i = luaL_len(L, -1); i >= at; i--) {
    lua_geti(L, -1, i);
    lua_seti(L, -2, i + 1);
  }
  lua_pushcfunction(L, search);
  lua_seti(L, -2, at);
}


/* load(name) -> the command's chunk; or nil and a message */
static int commands_load(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  if (!cl_bundle_is_command(name)) {
    luaL_pushfail(L);
    lua_pushfstring(L, "there is no command '%s'", name);
    return 2;
  }
  if (cl_bundle_load_command(L, name) == LUA_OK) return 1;
  luaL_pushfail(L);
  lua_insert(L, -2);
  return 2;
}


/* change_folder(path) -> true; or nil, message. For the command resume, which
** runs a program again in its former folder. */
static int commands_change_folder(lua_State *L) {
  if (chdir(luaL_checkstring(L, 1)) != 0) return luaL_fileresult(L, 0, NULL);
  lua_pushboolean(L, 1);
  return 1;
}


/* has_script() -> whether a script or a command runs; if not, arg[0] is colua
   itself and names no script. */
static int commands_has_script(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, CL_BUNDLE_HAS_SCRIPT);
  lua_pushboolean(L, lua_toboolean(L, -1));
  return 1;
}


/* The module colua.commands, for a command that runs another. */
static int open_commands(lua_State *L) {
  static const luaL_Reg functions[] = {
    {"load",          commands_load},
    {"change_folder", commands_change_folder},
    {"has_script", commands_has_script},
    {NULL, NULL}
  };
  luaL_newlib(L, functions);
  return 1;
}


/* The module colua.argparse, for commands: a file argparse.lua in the current
   folder cannot replace it. A script's `require "argparse"` finds what lua5.4
   would find, and the compiled-in file only if there is no other. */
static int open_argparse(lua_State *L) {
  const struct cl_bundle_file *file =
    cl_bundle_find(CL_BUNDLE_FALLBACK, "argparse");
  if (file == NULL) return luaL_error(L, "argparse is not in colua");
  if (load_row(L, file) != LUA_OK) return lua_error(L);
  lua_pushliteral(L, "argparse");
  lua_call(L, 1, 1);
  return 1;
}


void cl_bundle_install(lua_State *L) {
  static const luaL_Reg preloaded[] = {
    {"codeocean.core", luaopen_codeocean_core},
    {"codeocean.sandbox", luaopen_codeocean_sandbox},
    {"colua.argparse", open_argparse},
    {"colua.commands", open_commands},
    {"colua.secret", luaopen_colua_secret},
    {"colua.signals", luaopen_colua_signals},
    {NULL, NULL}
  };
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  luaL_setfuncs(L, preloaded, 0);
  lua_getglobal(L, LUA_LOADLIBNAME);
  lua_getfield(L, -1, "searchers");
  insert_searcher(L, 2, search_own);
  insert_searcher(L, luaL_len(L, -1) + 1, search_fallback);
  lua_pop(L, 3);
}


void cl_bundle_keep_token(lua_State *L) {
  luaL_requiref(L, "codeocean.core", luaopen_codeocean_core, 0);
  lua_getfield(L, -1, "keep_token");
  lua_call(L, 0, 0);
  lua_pop(L, 1);
}


/*
** Commands
*/

static int is_bare(const char *name) {
  return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_")] == '\0';
}


/* Finds a command in the checkout, which may be newer than the bundle. */
static int in_checkout(const char *name, char *path, size_t size) {
  const char *root = cl_checkout_root();
  if (root == NULL) return 0;
  int n = snprintf(path, size, "%s/scripts/%s.lua", root, name);
  return n > 0 && (size_t)n < size && access(path, R_OK) == 0;
}


int cl_bundle_is_command(const char *name) {
  char path[4096];
  return is_bare(name) && (cl_bundle_find(CL_BUNDLE_COMMAND, name) != NULL ||
                           in_checkout(name, path, sizeof path));
}


int cl_bundle_load_command(lua_State *L, const char *name) {
  char path[4096];
  if (in_checkout(name, path, sizeof path)) return luaL_loadfile(L, path);
  return load_row(L, cl_bundle_find(CL_BUNDLE_COMMAND, name));
}


/* Pushes the names of all commands as a list. */
static void push_commands(lua_State *L) {
  lua_Integer n = 0;
  lua_newtable(L);
  for (size_t i = 0; i < cl_bundle_count; i++) {
    if (cl_bundle[i].kind != CL_BUNDLE_COMMAND) continue;
    lua_pushstring(L, cl_bundle[i].name);
    lua_rawseti(L, -2, ++n);
  }
}


/* Pops a list of names; pushes the one nearest to `name` and returns it, or
** pushes nil and returns NULL. */
static const char *push_nearest(lua_State *L, const char *name) {
  luaL_requiref(L, "codeocean.core", luaopen_codeocean_core, 0);
  lua_getfield(L, -1, "nearest");
  lua_pushstring(L, name);
  lua_rotate(L, -4, -1);   /* the names come last */
  lua_remove(L, -4);
  lua_call(L, 2, 1);
  return lua_tostring(L, -1);
}


/*
** Words of other programs for our commands and options. A row has the word, and
** the command or the hint that is meant.
*/
struct word {
  const char *word;
  const char *meant;
};

static const struct word other_commands[] = {
  {"add", "tag"},           {"auth", "login"},      {"config", "check"},
  {"configure", "login"},   {"continue", "resume"}, {"count", "stats"},
  {"del", "delete"},        {"describe", "get"},    {"dir", "ls"},
  {"doctor", "check"},      {"download", "cat"},    {"edit", "update"},
  {"export", "search"},     {"files", "ls"},        {"find", "search"},
  {"history", "runs"},      {"import", "create"},   {"info", "get"},
  {"init", "login"},        {"label", "tag"},       {"list", "search"},
  {"log", "runs"},          {"modify", "update"},   {"new", "create"},
  {"permissions", "share"}, {"ping", "check"},      {"query", "search"},
  {"register", "create"},   {"remove", "delete"},   {"rename", "update"},
  {"restore", "unarchive"}, {"revert", "undo"},     {"rm", "delete"},
  {"rollback", "undo"},     {"serve", "sandbox"},   {"set", "update"},
  {"show", "get"},          {"status", "runs"},     {"test", "check"},
  {"token", "login"},       {"untag", "tag"},       {"upload", "create"},
  {"whoami", "check"},
  {NULL, NULL}
};

#define IS_SESSION "colua without arguments, on a terminal, is the session"
#define IS_LOGIN \
  "colua login keeps a deployment and its token; CODEOCEAN_DOMAIN and " \
  "CODEOCEAN_TOKEN name others"

static const struct word other_hints[] = {
  {"console", IS_SESSION},  {"repl", IS_SESSION},   {"session", IS_SESSION},
  {"shell", IS_SESSION},    {"--domain", IS_LOGIN}, {"--host", IS_LOGIN},
  {"--token", IS_LOGIN},    {"--url", IS_LOGIN},
  {"--debug", "did you mean '--trace'?"},
  {"--verbose", "did you mean '--trace'?"},
  {NULL, NULL}
};


static const char *find_word(const struct word *words, const char *name) {
  while (words->word != NULL && strcmp(words->word, name) != 0) words++;
  return words->meant;
}


const char *cl_bundle_push_hint(lua_State *L, const char *name,
                                const char *otherwise) {
  const char *hint = find_word(other_hints, name);
  if (hint != NULL) return lua_pushstring(L, hint);
  push_commands(L);
  const char *command = find_word(other_commands, name);
  const char *nearest = command != NULL ? command : push_nearest(L, name);
  return nearest == NULL
           ? lua_pushstring(L, otherwise)
           : lua_pushfstring(L, "did you mean the command '%s'?", nearest);
}


static void push_options(lua_State *L) {
  const char *name;
  lua_newtable(L);
  for (size_t i = 0; (name = cl_options_name(i)) != NULL; i++) {
    lua_pushstring(L, name);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}


static const char *find_database(char **argv) {
  while (*argv != NULL && !cl_options_is_database(*argv)) argv++;
  return *argv;
}


const char *cl_bundle_push_option_hint(lua_State *L, const char *bad,
                                       char **argv) {
  const char *name = lua_pushlstring(L, bad, strcspn(bad, "="));
  const char *hint = find_word(other_hints, name);
  if (hint != NULL) return lua_pushstring(L, hint);
  push_options(L);
  const char *nearest = push_nearest(L, name);
  const char *database = find_database(argv);
  if (database != NULL && strcmp(name, "--sandbox") == 0)
    return lua_pushfstring(L, "did you mean --sandbox=%s?", database);
  if (nearest != NULL && strcmp(nearest, name) == 0)
    return strchr(bad, '=') != NULL
             ? lua_pushfstring(L, "'%s' takes no value", name)
             : lua_pushstring(L, "--help lists the options");
  if (nearest != NULL) return lua_pushfstring(L, "did you mean '%s'?", nearest);
  for (; *argv != NULL; argv++)
    if (cl_bundle_is_command(*argv))
      return lua_pushfstring(L, "an option of a command stands after it: "
                             "colua %s %s", *argv, bad);
  return lua_pushstring(L, "--help lists the options");
}
