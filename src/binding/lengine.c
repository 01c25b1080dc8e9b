/*
** "codeocean.engine": the engine as a Lua object. Its user value holds the
** transfers that are in flight, or done and not yet handed out.
**
** Any Lua that runs may close the client: a metamethod of an argument, a
** finalizer at an allocation. So a function keeps the box, which its stack
** keeps alive, and reads the engine from it again after each call that can run
** Lua; or it uses the engine only before the first such call.
*/
#include "binding/lengine.h"

#include <errno.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "binding/largument.h"
#include "binding/lconfig.h"
#include "binding/lrequest.h"
#include "binding/lstats.h"
#include "binding/ltransfer.h"
#include "binding/ltype.h"
#include "core/engine.h"
#include "lua_compat.h"

static const char *const type_name = "codeocean.engine";

enum { IN_FLIGHT = 1 };


static co_engine **check_box(lua_State *L) {
  return cb_type_check(L, 1, type_name);
}


/* Valid until the next call that can run Lua. */
static co_engine *check_engine(lua_State *L) {
  co_engine *engine = *check_box(L);
  if (engine == NULL) luaL_error(L, "the client is closed");
  return engine;
}


/* Construction ----------------------------------------------------------- */

/* engine(config) -> engine, or nil and what is wrong with the domain. The
** config is a table that codeocean.config has checked. Also nil and a message
** if the system has no descriptor left. */
static int engine_new(lua_State *L) {
  co_config config = {0};
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  co_engine **box = lua_newuserdatauv(L, sizeof *box, 1);
  *box = NULL;
  luaL_setmetatable(L, type_name);
  lua_newtable(L);
  lua_setiuservalue(L, 2, IN_FLIGHT);
  const char *why = cb_config_read_address(L, &config.address);
  if (why == NULL) {
    cb_config_read(L, &config);
    *box = co_engine_new(&config);
    if (*box == NULL && errno == ENOMEM) luaL_error(L, "not enough memory");
    if (*box == NULL) why = strerror(errno);
  }
  if (why == NULL) {
    lua_settop(L, 2);
    return 1;
  }
  luaL_pushfail(L);
  lua_pushstring(L, why);
  return 2;
}


/* Transfers -------------------------------------------------------------- */

static const co_endpoint *check_operation(lua_State *L, int idx) {
  const char *name = luaL_checkstring(L, idx);
  const co_endpoint *endpoint = co_endpoint_find(name);
  if (endpoint == NULL) luaL_error(L, "no operation '%s'", name);
  return endpoint;
}


/* Holds a transfer strongly while it is in flight: a transfer that Lua no
** longer refers to still runs. */
static void hold_in_flight(lua_State *L, const co_transfer *transfer) {
  lua_getiuservalue(L, 1, IN_FLIGHT);
  lua_pushvalue(L, -2);
  lua_rawsetp(L, -2, transfer);
  lua_pop(L, 1);
}


/* Collects a transfer that finished during submit (dry run, no memory): nobody
** will poll for it. */
static void collect_if_done(lua_State *L, co_transfer *transfer) {
  if (transfer->state != CO_DONE) return;
  co_engine_release(transfer);
  lua_getiuservalue(L, 1, IN_FLIGHT);
  lua_pushnil(L);
  lua_rawsetp(L, -2, transfer);
  lua_pop(L, 1);
}


/* Pushes a new transfer, whose answer has at most `most` bytes. */
static co_transfer *push_bounded(lua_State *L, const co_endpoint *endpoint,
                                 size_t most) {
  co_transfer **box = cb_transfer_push_box(L);
  *box = co_transfer_new(endpoint, most);
  if (*box == NULL) luaL_error(L, "not enough memory");
  return *box;
}


static co_transfer *push_transfer(lua_State *L, const co_engine *engine,
                                  const co_endpoint *endpoint) {
  size_t most = engine == NULL ? 0 : co_engine_answer_max(engine);
  return push_bounded(L, endpoint, most);
}


static void end_as_closed(co_transfer *transfer) {
  co_transfer_fail(transfer, CO_KIND_CLOSED, CO_OUTCOME_NOT_SENT,
                   "make a new client");
  transfer->state = CO_DONE;
}


/* engine:submit(operation, id, params [, read_good_for [, allowed]]) ->
** transfer; the last two are those of co_transfer. Raises a bad argument. If
** the engine is closed, the transfer has ended with `closed`. */
static int engine_submit(lua_State *L) {
  co_engine **engine = check_box(L);
  const co_endpoint *endpoint = check_operation(L, 2);
  double read_good_for = luaL_optnumber(L, 5, 0);
  double allowed = luaL_optnumber(L, 6, 0);
  lua_settop(L, 4);
  co_transfer *transfer = push_transfer(L, *engine, endpoint);
  transfer->read_good_for = read_good_for;
  transfer->allowed = allowed;
  if (*engine != NULL)
    cb_request_build(L, transfer, co_engine_address(*engine)->base, 3, 4);
  lua_settop(L, 5);
  hold_in_flight(L, transfer);
  if (*engine != NULL) co_engine_submit(*engine, transfer);
  else end_as_closed(transfer);
  collect_if_done(L, transfer);
  return 1;
}


/* engine:pause(seconds) -> a transfer that is done, with true, after that */
static int engine_pause(lua_State *L) {
  co_engine **engine = check_box(L);
  double seconds = cb_argument_seconds(L, 2, "sleep");
  co_transfer *transfer = push_transfer(L, *engine, &co_pause);
  hold_in_flight(L, transfer);
  if (*engine != NULL) co_engine_pause(*engine, transfer, seconds);
  else end_as_closed(transfer);
  collect_if_done(L, transfer);
  return 1;
}


/* engine:read_file(address, most [, range]) -> a transfer of the bytes at a
** signed address, at most `most`, of the range ("0-99") alone; or nil and what
** is wrong with the address. */
static int engine_read_file(lua_State *L) {
  size_t length;
  co_engine **engine = check_box(L);
  const char *address = luaL_checklstring(L, 2, &length);
  lua_Integer most = luaL_checkinteger(L, 3);
  const char *range = luaL_optstring(L, 4, "");
  bool plain, loopback = *engine && co_engine_address(*engine)->loopback;
  const char *why = co_address_check_signed(address, length, loopback, &plain);
  if (why != NULL) {
    luaL_pushfail(L);
    lua_pushstring(L, why);
    return 2;
  }
  co_transfer *t = push_bounded(L, &co_read_file, (size_t)most);
  co_buffer_add(&t->url, address, length);
  snprintf(t->range, sizeof t->range, "%s", range);
  t->plain = plain;
  hold_in_flight(L, t);
  if (*engine != NULL) co_engine_submit(*engine, t);
  else end_as_closed(t);
  collect_if_done(L, t);
  return 1;
}


/* engine:step([seconds]): waits at most that long, and at most a tenth of a
** second, and does what is due. A signal ends the wait. */
static int engine_step(lua_State *L) {
  bool forever = lua_isnoneornil(L, 2);
  double seconds = forever ? -1 : cb_argument_seconds(L, 2, "step");
  co_engine_step(check_engine(L), seconds);
  return 0;
}


/* engine:completed() -> a done transfer that was not handed out yet; or nil.
** The engine no longer holds it. */
static int engine_completed(lua_State *L) {
  co_engine *engine = *check_box(L);
  co_transfer *t = engine == NULL ? NULL : co_engine_collect(engine);
  if (t == NULL) return 0;
  lua_getiuservalue(L, 1, IN_FLIGHT);
  lua_rawgetp(L, -1, t);
  lua_pushnil(L);
  lua_rawsetp(L, -3, t);
  return 1;
}


/* engine:cancel(): cancels all transfers that are not done. */
static int engine_cancel(lua_State *L) {
  co_engine *engine = *check_box(L);
  if (engine != NULL) co_engine_cancel_all(engine);
  return 0;
}


/* engine:set_dry_run(on): while on, operations that write end with
** `dry_run`. */
static int engine_set_dry_run(lua_State *L) {
  luaL_checktype(L, 2, LUA_TBOOLEAN);
  co_engine_set_dry_run(check_engine(L), lua_toboolean(L, 2));
  return 0;
}


/* engine:cancel_harmless(): cancels all transfers but pauses and writes under
** way: those that read, and those of which nothing was sent (outcome:
** not_sent). */
static int engine_cancel_harmless(lua_State *L) {
  co_engine *engine = *check_box(L);
  if (engine != NULL) co_engine_cancel_harmless(engine);
  return 0;
}


/* For event loops -------------------------------------------------------- */

/* engine:pollfd() -> descriptor */
static int engine_pollfd(lua_State *L) {
  lua_pushinteger(L, co_engine_fd(check_engine(L)));
  return 1;
}


/* engine:nudge(on): keeps the descriptor readable while on */
static int engine_nudge(lua_State *L) {
  co_engine *engine = *check_box(L);
  luaL_checktype(L, 2, LUA_TBOOLEAN);
  if (engine != NULL) co_engine_nudge(engine, lua_toboolean(L, 2));
  return 0;
}


/* engine:timeout() -> seconds until step must be called, or nil */
static int engine_timeout(lua_State *L) {
  co_engine *engine = *check_box(L);
  double seconds = engine == NULL ? 0 : co_engine_timeout(engine);
  if (seconds < 0) luaL_pushfail(L);
  else lua_pushnumber(L, seconds);
  return 1;
}


/* Reading its state ------------------------------------------------------ */

/* engine:stats() -> counters; times in seconds; pace: requests a second */
static int engine_stats(lua_State *L) {
  cb_stats_push(L, check_engine(L));
  return 1;
}


/* engine:trace() -> the lines of the attempts since the last call, or nil */
static int engine_trace(lua_State *L) {
  co_engine **engine = check_box(L);
  co_buffer *lines = *engine ? &co_engine_activity(*engine)->lines : NULL;
  if (lines == NULL || lines->length == 0) return 0;
  lua_pushlstring(L, lines->bytes, lines->length);
  if (*engine != NULL) co_buffer_reset(&co_engine_activity(*engine)->lines);
  return 1;
}


/* engine:issuer() -> the authority of the certificate that the server shows,
** trusted or not; or nil. Blocks while it connects. */
static int engine_issuer(lua_State *L) {
  char text[512];
  if (!co_engine_issuer(check_engine(L), text, sizeof text)) return 0;
  lua_pushstring(L, text);
  return 1;
}


/* engine:host() -> the deployment's name, or nil when closed */
static int engine_host(lua_State *L) {
  co_engine *engine = *check_box(L);
  if (engine == NULL) return 0;
  lua_pushstring(L, co_engine_address(engine)->host);
  return 1;
}


/* engine:shut(): cancels everything; the descriptor stays open for polling. */
static int engine_shut(lua_State *L) {
  co_engine *engine = *check_box(L);
  if (engine != NULL) co_engine_shut(engine);
  return 0;
}


/* engine:close(), __gc and __close. Transfers are finalized on their own,
** before or after. */
static int engine_close(lua_State *L) {
  co_engine **box = check_box(L);
  co_engine *engine = *box;
  *box = NULL;
  co_engine_free(engine);
  return 0;
}


static const luaL_Reg methods[] = {
  {"submit",    engine_submit},
  {"pause",     engine_pause},
  {"read_file", engine_read_file},
  {"step",      engine_step},
  {"completed", engine_completed},
  {"cancel",    engine_cancel},
  {"cancel_harmless", engine_cancel_harmless},
  {"set_dry_run", engine_set_dry_run},
  {"pollfd",    engine_pollfd},
  {"timeout",   engine_timeout},
  {"nudge",     engine_nudge},
  {"stats",     engine_stats},
  {"trace",     engine_trace},
  {"issuer",    engine_issuer},
  {"host",      engine_host},
  {"shut",      engine_shut},
  {"close",     engine_close},
  {NULL, NULL}
};

const luaL_Reg cb_engine_functions[] = {
  {"engine", engine_new},
  {NULL, NULL}
};


void cb_engine_open(lua_State *L) {
  cb_type_open(L, type_name, engine_close, methods);
}
