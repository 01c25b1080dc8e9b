--- The option `wait` of a client in a luv loop (luvit, Neovim).

local loop = require "codeocean.loop"
local uv = require "luv"

local function watch(descriptor, seconds, wake)
  local poll, timer = uv.new_poll(descriptor), seconds and uv.new_timer()
  poll:start("r", wake)
  if timer then timer:start(math.ceil(seconds * 1000), 0, wake) end
  return function()
    poll:close()
    if timer then timer:close() end
  end
end

return loop.hook { watch = watch }
