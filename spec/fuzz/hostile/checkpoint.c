/*
** What the checked Lua does at a checkpoint, that is wherever it may collect:
** it collects, or calls the program's function as it would call a finalizer.
** The second is much faster, since the heap is not marked for it. Compiled
** with Lua's own headers (the script `lua`).
*/
#define LUA_CORE

#include "lprefix.h"

#include "ldo.h"
#include "lgc.h"
#include "lobject.h"
#include "lstate.h"
#include "ltable.h"

#if LUA_VERSION_RELEASE_NUM > 50404
#define TOP(L) ((L)->top.p)
#else
#define TOP(L) ((L)->top)
#endif

/* Its address is the function's key in the registry. */
extern const char hostile_key;

int hostile_collects(void);
void hostile_checkpoint(lua_State *L);


static void call(lua_State *L, void *data) {
  (void)data;
  luaD_callnoyield(L, TOP(L) - 1, 0);
}


/* Neither hooks nor the collector run in a finalizer. */
static void act(lua_State *L, const TValue *function) {
  global_State *g = G(L);
  lu_byte hooks = L->allowhook, stopped = g->gcstp;
  L->allowhook = 0;
  g->gcstp |= GCSTPGC;
  setobj2s(L, TOP(L), function);
  TOP(L)++;
  if (luaD_pcall(L, call, NULL, savestack(L, TOP(L) - 1), 0) != LUA_OK)
    TOP(L)--;
  L->allowhook = hooks;
  g->gcstp = stopped;
}


void hostile_checkpoint(lua_State *L) {
  TValue key;
  if (hostile_collects()) {
    luaC_step(L);
    return;
  }
  setpvalue(&key, (void *)&hostile_key);
  const TValue *function = luaH_get(hvalue(&G(L)->l_registry), &key);
  if (ttisfunction(function)) act(L, function);
}
