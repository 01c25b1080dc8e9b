-- A pandoc filter: a link to asset:ID becomes a link to the asset, with its name as text where the
-- link has none.
--
--   pandoc --lua-filter examples/pandoc.lua --to html < report.md
--
--   Recorded as [](asset:0d7b7bb3-…), see [the controls](asset:4f1c92aa-…).

local codeocean = require "codeocean"

local client = assert(codeocean.client())

-- luacheck: globals pandoc Link
function Link(link)
  local id = link.target:match "^asset:(.*)"
  if not id then return nil end
  local asset = assert(client.data_assets:get(id))
  if #link.content == 0 then link.content = { pandoc.Str(asset.name) } end
  link.target = ("https://%s/data-assets/%s"):format(client.host, id)
  return link
end
