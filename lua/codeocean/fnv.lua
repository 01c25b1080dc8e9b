--- FNV-1a, 64 bits: a number for a text, the same on every machine. It spreads ids over shards and
-- tells an edited journal or input; it is no protection against somebody who means harm.

--- fnv(text [, hash]) -> integer; `hash` is that of the text before this one, for a text in pieces.
return function(text, hash)
  hash = hash or 0xcbf29ce484222325
  for i = 1, #text do hash = (hash ~ text:byte(i)) * 0x100000001b3 end
  return hash
end
