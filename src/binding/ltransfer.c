/*
** "codeocean.transfer": an operation under way as a Lua object.
**
** Reading the answer allocates, so a finalizer may run meanwhile. It cannot
** free the transfer, whose userdata is on the stack and whose __gc is hidden.
** It can cancel the transfer, close its engine, or ask for the result again,
** which `consumed` refuses. The answer's bytes stay until they are read.
*/
#include "binding/ltransfer.h"

#include <lauxlib.h>

#include "binding/lanswer.h"
#include "binding/ltype.h"
#include "core/engine.h"
#include "lua_compat.h"

static const char *const type_name = "codeocean.transfer";


co_transfer **cb_transfer_push_box(lua_State *L) {
  co_transfer **box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = NULL;
  luaL_setmetatable(L, type_name);
  return box;
}


static co_transfer *check_transfer(lua_State *L, int idx) {
  co_transfer **box = cb_type_check(L, idx, type_name);
  luaL_argcheck(L, *box != NULL, idx, "an empty transfer");
  return *box;
}


/* transfer:done() -> boolean */
static int transfer_done(lua_State *L) {
  lua_pushboolean(L, check_transfer(L, 1)->state == CO_DONE);
  return 1;
}


/* transfer:result([fields]) -> the value; or nil and a table of facts. May be
** called once, when the transfer is done. Frees the answer's bytes now: if the
** collector did it, they would still exist beside those of the next page.
** `fields`: a set of the fields wanted of assets. */
static int transfer_result(lua_State *L) {
  co_transfer *transfer = check_transfer(L, 1);
  luaL_argcheck(L, transfer->state == CO_DONE, 1, "it is not done yet");
  if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TTABLE);
  luaL_argcheck(L, !transfer->consumed, 1, "its result was already read");
  transfer->consumed = true;
  lua_settop(L, 2);
  int count = cb_answer_push(L, transfer, lua_isnil(L, 2) ? 0 : 2);
  co_engine_release(transfer);
  co_buffer_free(&transfer->answer);
  return count;
}


/* transfer:cancel(): cancels it unless it is done. A table with weak keys still
** has a finalized transfer, which is empty: there is nothing to cancel. */
static int transfer_cancel(lua_State *L) {
  co_transfer **box = cb_type_check(L, 1, type_name);
  if (*box != NULL) co_engine_cancel(*box);
  return 0;
}


static int transfer__gc(lua_State *L) {
  co_transfer **box = cb_type_check(L, 1, type_name);
  co_transfer *transfer = *box;
  *box = NULL;
  if (transfer != NULL) co_engine_release(transfer);
  co_transfer_free(transfer);
  return 0;
}


static const luaL_Reg methods[] = {
  {"done",   transfer_done},
  {"result", transfer_result},
  {"cancel", transfer_cancel},
  {NULL, NULL}
};


void cb_transfer_open(lua_State *L) {
  cb_type_open(L, type_name, transfer__gc, methods);
}
