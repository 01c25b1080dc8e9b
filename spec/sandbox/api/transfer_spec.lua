-- transfer moves an asset to another bucket; the operations that the 2022 dialect lacks.

local peer = require "peer"

describe("a transfer in the sandbox", function()
  local it_has
  local asset = "/" .. peer.VENDORS

  before_each(function()
    it_has = peer.start { seed = 3, dialect = "current", buckets = { "there" } }
  end)

  after_each(function() it_has.sandbox:stop() end)

  it("moves the asset to a bucket that exists", function()
    local body = { target = { aws = { bucket = "there", prefix = "p" } }, force = true }
    assert.equal(204, (it_has:call("POST", asset .. "/transfer", body)))
    local _, moved = it_has:call("GET", asset)
    assert.same({ origin = "aws", bucket = "there", prefix = "p", external = true },
      moved.source_bucket)
    assert.is_true(math.abs(moved.last_transferred - os.time()) < 60)
    body.target.aws.bucket = "elsewhere"
    it_has:call("POST", asset .. "/transfer", body)
    local _, stayed = it_has:call("GET", asset)
    assert.equal("there", stayed.source_bucket.bucket)
    assert.truthy(stayed.transfer_error:find "elsewhere")
    assert.equal(400, (it_has:call("POST", asset .. "/transfer", { force = true })))
  end)

  it("is unknown to the 2022 dialect, as are files and permissions", function()
    it_has.sandbox:stop()
    it_has = peer.start { seed = 3, dialect = "2022" }
    for _, path in ipairs { "/permissions", "/files", "/files/urls",
      "/files/download_url", "/transfer" } do
      assert.equal(404, (it_has:call("GET", asset .. path)))
    end
  end)
end)
