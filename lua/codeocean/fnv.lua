--- FNV-1a, 64 bits: a number for a text, the same on every machine. It spreads ids over shards and
-- tells an edited journal or input; it is no protection against somebody who means harm.

local core = require "codeocean.core"

--- fnv(text [, hash]) -> integer; `hash` is that of the text before this one, for a text in pieces.
return core.fnv
