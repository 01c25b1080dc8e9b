--- FNV-1a, 64 bits: a hash of a text, the same on every machine. It spreads ids over shards and
-- detects edited journals and inputs; it does not protect against an attacker.

local core = require "codeocean.core"

--- fnv(text [, hash]) -> integer. For a text in pieces, `hash` is the hash of the pieces before.
return core.fnv
