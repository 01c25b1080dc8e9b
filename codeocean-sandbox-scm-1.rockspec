rockspec_format = "3.0"
package = "codeocean-sandbox"
version = "scm-1"
source = { url = "git+file://." }
description = {
  summary = "A server of the Code Ocean Data Asset API in the process, for tests and rehearsals",
  detailed = [[
What codeocean.sandbox of the rock codeocean loads: real HTTP on loopback, its assets in SQLite.]],
  license = "MIT",
  labels = { "http", "api", "test", "science" },
}
dependencies = { "lua >= 5.3, < 5.6", "codeocean" }
external_dependencies = {
  MICROHTTPD = { library = "microhttpd" },
  SQLITE = { library = "sqlite3" },
}
build = {
  type = "make",
  build_target = "rock-sandbox",
  install_target = "install-rock-sandbox",
  build_variables = {
    CC = "$(CC)", CFLAGS = "$(CFLAGS)", LUA_INCDIR = "$(LUA_INCDIR)", LUA = "$(LUA)",
    BUILD = "build/rock", NEEDS = "rock",
  },
  install_variables = { BUILD = "build/rock", ROCK_LIBDIR = "$(LIBDIR)" },
}
