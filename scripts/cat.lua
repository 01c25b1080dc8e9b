-- colua cat: prints a file of an asset
local command = require "codeocean.cli"
local files = require "codeocean.assets.read_file"
local options = require "codeocean.cli.options"

local parser = command.parser("cat", "Prints a file of an internal asset unchanged; colua ls "
  .. "lists the files.", "[options] ID PATH", [[
colua cat fea84ebf-b58b-4ad2-994d-7169dc3880fb data_description.json
colua cat fea84ebf-b58b-4ad2-994d-7169dc3880fb data/events.csv --range 0-999
colua cat fea84ebf-b58b-4ad2-994d-7169dc3880fb data/recording.bin \
  --max 100000000 > recording.bin]])

-- A converter of "FIRST-LAST", "FIRST-" and "-N".
local function range(word)
  local value = files.range_of(word)
  if value then return value end
  return nil, ("'%s' is not FIRST-LAST, FIRST- or -N, in bytes from 0"):format(word)
end

parser:argument("id", "id of the asset"):argname "ID"
parser:argument("path", "the file, from the asset's root"):argname "PATH"
parser:group("How much",
  options.value(parser, "--max", "<bytes>", "refuse a file that is longer (default: 8388608)",
    options.whole(1, 1 << 31)),
  options.value(parser, "--range", "<first-last>", "only these bytes, from 0; or FIRST-, or -N",
    range))

return command.run("cat", parser, function(client, args)
  local bytes, err = client.data_assets:read_file(command.id(args.id, args.host), args.path,
    { max = args.max, range = args.range })
  if not bytes then error(err, 0) end
  command.write(bytes)
end)
