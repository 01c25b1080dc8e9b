rockspec_format = "3.0"
package = "codeocean"
version = "scm-1"
source = { url = "git+file://." }
description = {
  summary = "Client of the Code Ocean Data Asset API, over libcurl",
  detailed = [[
Finds, tags, updates, archives and deletes data assets, thousands at a time: requests overlap, failed
ones are repeated where that is safe, and bulk runs are planned, confirmed, journalled, resumed and
undone. The server to try it on is the rock codeocean-sandbox. docs/annotations has the types of it
all for the Lua language server.]],
  license = "MIT",
  labels = { "http", "api", "rest", "science", "async" },
}
dependencies = { "lua >= 5.3, < 5.6", "argparse" }
-- Debian has the headers where LuaRocks does not look: pkg-config, which the Makefile asks, knows.
external_dependencies = { CURL = { library = "curl" } }
test_dependencies = { "busted", "cqueues" }
test = { type = "command", command = "make check" }
build = {
  type = "make",
  build_target = "rock",
  install_target = "install-rock",
  build_variables = {
    CC = "$(CC)", CFLAGS = "$(CFLAGS)", LUA_INCDIR = "$(LUA_INCDIR)", LUA = "$(LUA)",
    CURL_LIBDIR = "$(CURL_LIBDIR)",
    BUILD = "build/rock", NEEDS = "rock",
  },
  install_variables = {
    BUILD = "build/rock", ROCK_LUADIR = "$(LUADIR)", ROCK_LIBDIR = "$(LIBDIR)",
  },
  copy_directories = { "docs/annotations" },
}
