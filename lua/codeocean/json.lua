--- Reads and writes JSON, exactly and strictly. Called by programs and by the library itself.
--
-- Integers are Lua integers to 2^63-1 both ways; `[]` stays `[]`; keys are written sorted; a value
-- or a text that is not JSON is refused. An object in which a key stands twice is refused too,
-- since two readers may take different values from it. (Of a server's answer the last value
-- counts.) A number beyond 64-bit integers and floats is a table {digits =
-- "12345678901234567000"}: tostring gives the digits, and the number is written as it came.
--
-- Null is that of lua-cjson. If the application has loaded a lua-cjson that marks lists (the
-- OpenResty line) before this module, its marks are used, so that values pass between both
-- libraries; its settings are never touched.

require "codeocean.lua.version"

local core = require "codeocean.core"

local cjson = package and package.loaded.cjson
if type(cjson) == "table" then core.json_share(cjson.array_mt, cjson.empty_array) end

return {
  --- encode(value) -> text; raises, with the place, for a value without a JSON form (a list with a
  -- hole, a function, NaN, text that is not UTF-8, more than 64 levels).
  encode = core.json_encode,
  --- decode(text [, nulls]) -> value; or nil and what is wrong with the text, and where. A null in
  -- a list is json.null; a null field is absent, or with `nulls` json.null.
  decode = core.json_decode,
  --- array([list]) -> the list, marked so that it is written as [] when empty.
  array = core.json_array,
  --- What stands for null: cjson.null.
  null = core.null,
}
