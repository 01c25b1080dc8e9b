-- Stock Lua that loads lua-cjson and libcurl and does nothing.

require "cjson"
require "loaded"
