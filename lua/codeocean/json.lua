--- JSON that is exact and strict: the library's own way in and out.
--
-- Integers are Lua integers to 2^63-1 both ways; `[]` stays `[]`; keys are written sorted; what is
-- no JSON is refused in both directions. The marks are those of lua-cjson, so values may pass
-- between both libraries; the application's own `cjson` and its settings are never touched.

local cjson = require "cjson"
local core = require "codeocean.core"

core.json_share(cjson.array_mt, cjson.empty_array)

return {
  --- encode(value) -> text; raises, with its place, what has no JSON form (a list with a hole, a
  -- function, NaN, text that is not UTF-8, more than 64 levels).
  encode = core.json_encode,
  --- decode(text) -> value; or nil and what is wrong with the text, and where. A null in a list is
  -- json.null; a null field is absent.
  decode = core.json_decode,
  --- array([list]) -> the list, marked so that it is written as [] when empty.
  array = core.json_array,
  --- What stands for null: cjson.null.
  null = core.null,
}
