-- Stock Lua with lua-cjson and libcurl, and nothing to do.

require "cjson"
require "loaded"
