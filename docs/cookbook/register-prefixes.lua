-- Makes a request to create of each line such as s3://my-lab/rig3/mouse-12/.
local json = require "codeocean.json"

local number = 0
for line in io.lines() do
  number = number + 1
  local bucket, prefix = line:match("^s3://([^/]+)/(.-)/*%s*$")
  if (prefix or "") == "" then error(("line %d is not an s3://bucket/prefix"):format(number), 0) end
  local name = prefix:gsub("/", "_")
  print(json.encode {
    name = name, mount = name, tags = { "raw", (prefix:match("^[^/]+")) },
    source = { aws = { bucket = bucket, prefix = prefix .. "/" } },
  })
end
