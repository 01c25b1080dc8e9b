rockspec_format = "3.0"
package = "codeocean"
version = "scm-1"
source = { url = "git+file://." }
description = {
  summary = "Client of the Code Ocean Data Asset API, over libcurl",
  license = "MIT",
  labels = { "http", "api", "science" },
}
dependencies = { "lua >= 5.3, < 5.6", "argparse" }
build = {
  type = "make",
  build_target = "rock",
  install_target = "install-rock",
  build_variables = {
    CC = "$(CC)", CFLAGS = "$(CFLAGS)", LUA_INCDIR = "$(LUA_INCDIR)",
    LUA = "$(LUA)",
    BUILD = "build/rock", NEEDS = "rock",
  },
  install_variables = {
    BUILD = "build/rock", ROCK_LUADIR = "$(LUADIR)", ROCK_LIBDIR = "$(LIBDIR)",
  },
}
