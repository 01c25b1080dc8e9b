/*
** Several threads, each with a Lua state and a client of its own: each lists
** the assets of CODEOCEAN_DOMAIN and reads every one of them.
**
**   cc threads.c -o threads $(pkg-config --cflags --libs codeocean)
*/
#include <codeocean.h>
#include <lauxlib.h>
#include <lualib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 4 };

static const char *const work =
  "local client <close> = assert(require('codeocean').client())\n"
  "local found = assert(client.data_assets:all { page_size = 10 })\n"
  "local _, errors = client:map(found, function(asset)\n"
  "  return assert(client.data_assets:get(asset.id))\n"
  "end)\n"
  "local i, err = next(errors)\n"
  "if i then error(tostring(err)) end\n"
  "return #found\n";


/* Stores the number of assets in `result`, which stays -1 after a failure. */
static void *run(void *result) {
  int *count = result;
  lua_State *L = luaL_newstate();
  if (L == NULL) return NULL;
  luaL_openlibs(L);
  luaL_requiref(L, "codeocean", luaopen_codeocean, 0);
  if (luaL_dostring(L, work) == LUA_OK) *count = (int)lua_tointeger(L, -1);
  else fprintf(stderr, "threads: %s\n", lua_tostring(L, -1));
  lua_close(L);
  return NULL;
}


int main(void) {
  pthread_t threads[THREADS];
  int counts[THREADS], status = EXIT_SUCCESS;
  for (int i = 0; i < THREADS; i++) {
    counts[i] = -1;
    if (pthread_create(&threads[i], NULL, run, &counts[i]) != 0) abort();
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    printf("thread %d: %d assets\n", i + 1, counts[i]);
    if (counts[i] < 0) status = EXIT_FAILURE;
  }
  return status;
}
