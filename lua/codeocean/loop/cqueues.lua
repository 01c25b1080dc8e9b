--- The option `wait` of a client in a cqueues loop; lua-http runs in one.

local cqueues = require "cqueues"

return function(client) cqueues.poll(client) end
