/*
** Fills in the engine's config from the table of codeocean.config.
**
** A finalizer may run at each field. The texts in the config are on the stack
** of the call, and stay there until the engine has copied them.
*/
#include "binding/lconfig.h"

#include <lauxlib.h>
#include <limits.h>
#include <math.h>


/* Raises for a number that would overflow a cast. codeocean.config has checked
** the values; a program may pass a table of its own. */
static double number_field(lua_State *L, const char *name) {
  lua_getfield(L, 1, name);
  double value = lua_tonumber(L, -1);
  luaL_argcheck(L, value >= 0 && value <= 1e12, 1, name);
  lua_pop(L, 1);
  return value;
}


static bool flag_field(lua_State *L, const char *name) {
  lua_getfield(L, 1, name);
  bool value = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return value;
}


/* Pushes the text and leaves it on the stack, which keeps it alive. */
static const char *text_field(lua_State *L, const char *name) {
  lua_getfield(L, 1, name);
  return lua_tostring(L, -1);
}


const char *cb_config_read_address(lua_State *L, co_address *address) {
  size_t length;
  lua_getfield(L, 1, "domain");
  const char *domain = luaL_checklstring(L, -1, &length);
  return co_address_parse(address, domain, length,
                          flag_field(L, "insecure_http"));
}


void cb_config_read(lua_State *L, co_config *config) {
  config->token = text_field(L, "token");
  config->user_agent = text_field(L, "user_agent");
  config->ca_file = text_field(L, "ca_file");
  config->ca_folder = text_field(L, "ca_folder");
  config->client_cert = text_field(L, "client_cert");
  config->client_key = text_field(L, "client_key");
  config->timeout = number_field(L, "timeout");
  config->connect_timeout = number_field(L, "connect_timeout");
  config->deadline = number_field(L, "deadline");
  config->retries = (int)fmin(number_field(L, "retries"), INT_MAX);
  config->jobs = (int)fmin(number_field(L, "jobs"), INT_MAX);
  config->rate = number_field(L, "rate");
  config->answer_max = (size_t)number_field(L, "answer_max");
  config->dry_run = flag_field(L, "dry_run");
  config->trace = flag_field(L, "trace");
  luaL_argcheck(L, config->token != NULL, 1, "token missing");
  luaL_argcheck(L, config->user_agent != NULL, 1, "user_agent missing");
  luaL_argcheck(L, config->jobs >= 1, 1, "jobs missing");
}
