-- The page of `colua report`, as text and, where Chromium is installed, in a browser.

local page = require "codeocean.estate.report_page"
local process = require "process"
local surveys = require "codeocean.estate.survey"

local ID = "fea84ebf-b58b-4ad2-994d-7169dc3880f"
local EVIL = '<img src=x onerror="document.title=1">'

local function survey_of(list)
  local survey = surveys.new(1700000000)
  for _, asset in ipairs(list) do survey:add(asset) end
  return survey
end

local function text_of(list)
  return page.text(survey_of(list), { title = "Data assets of " .. EVIL, about = "As of today",
    idle_since = "2023-11-14" })
end

local ASSETS = {
  { id = ID .. "0", name = EVIL, size = 300, created = 1609459200, type = "dataset",
    tags = { "QC-passed", "raw", EVIL }, state = "ready", owner = "x",
    custom_metadata = { rig = 1, [EVIL] = 2 } },
  { id = ID .. "1", name = "b", size = 20, created = 1612137600, type = "result",
    tags = { "qc-passed", "raw" }, state = "failed", failure_reason = EVIL },
  { id = ID .. "2", name = "b", size = 4000, created = 1612137600, type = "dataset", tags = {},
    state = "ready" },
}

local CHROMIUM = { "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--disable-quic", "--hide-scrollbars" }

-- The document that Chromium has made of this HTML, and what it wrote to standard error.
local function in_browser(text)
  local folder = process.folder()
  process.write(folder .. "/page.html", text)
  local words = { table.unpack(CHROMIUM) }
  table.move({ "--user-data-dir=" .. folder .. "/profile", "--enable-logging=stderr",
    "--dump-dom", "file://" .. folder .. "/page.html" }, 1, 4, #words + 1, words)
  local result = process.run("chromium", words)
  process.clean(folder)
  return result.out, result.err
end

local function has_browser() return (os.execute "command -v chromium >/dev/null") end

-- A page that shows `text` in a frame of this width (a window of Chromium has at least 500 pixels),
-- and then how wide the document in it is, the number of its charts, and of those past the edge.
local function framed(text, width)
  return ([[
<!DOCTYPE html><meta charset="utf-8"><body><script>
function measure(frame) {
  const inner = frame.contentDocument;
  const charts = [...inner.querySelectorAll("section > svg, .matrix svg")];
  document.body.textContent = "SEEN " + [frame.contentWindow.innerWidth,
    inner.documentElement.scrollWidth, charts.length,
    charts.filter((c) => c.getBoundingClientRect().right > %d).length,
    inner.querySelectorAll("table").length - inner.querySelectorAll(".scroll > table").length]
    .join(",") + " NEES";
}
</script><iframe width="%d" height="800" style="border:0" onload="measure(this)"
  srcdoc="%s"></iframe>
]]):format(width, width, (text:gsub('[&"]', { ["&"] = "&amp;", ['"'] = "&quot;" })))
end

describe("codeocean.estate.report_page", function()
  it("has every section that is not empty", function()
    local text = text_of(ASSETS)
    for _, title in ipairs { "Growth by month", "By type", "By owner", "By tag",
      "Tags that are perhaps one", "Tags that stand together", "Names borne by several assets",
      "Largest idle assets", "Drafts and failures", "Custom metadata: what is missing" } do
      assert.is_truthy(text:find("<h2>" .. title .. "</h2>", 1, true), title)
    end
    assert.is_truthy(text:find("QC-passed (1), qc-passed (1)", 1, true))
  end)

  it("is a page for an empty estate too", function()
    local text = text_of {}
    assert.is_truthy(text:find("<dd>0</dd>", 1, true))
    assert.is_nil(text:find "nan")
    assert.is_nil(text:find("Growth by month", 1, true))
  end)

  it("has no tag but its own, whatever names hold", function()
    local text = text_of(ASSETS)
    assert.is_nil(text:find("<img", 1, true))
    assert.is_nil(text:find('onerror="', 1, true))
    assert.is_truthy(text:find("&lt;img src=x", 1, true))
  end)

  it("stays under 1 MB with many tags, names and keys", function()
    local list = {}
    for i = 1, 3000 do
      list[i] = { id = ID .. "0", name = ("n%d"):format(i // 2):rep(20), size = i,
        created = i * 90000, type = "dataset", tags = { "t" .. i, "T-" .. i }, state = "draft",
        owner = "o" .. i,
        custom_metadata = { ["k" .. i] = i } }
    end
    assert.is_true(#text_of(list) < 1000000)
  end)

  it("sorts and draws in a browser, and asks for nothing", function()
    if not has_browser() then return pending "no chromium here" end
    local probe = [[
<script>
const seen = [];
const table = [...document.querySelectorAll("table")]
  .find((t) => t.caption.textContent.includes("by type"));
const first = () => table.tBodies[0].rows[0].cells[0].textContent;
seen.push(first());
table.querySelectorAll("th button")[2].click(); seen.push(first());
table.querySelectorAll("th button")[2].click(); seen.push(first());
seen.push(document.querySelectorAll("svg rect").length > 5);
seen.push(performance.getEntriesByType("resource").length);
seen.push(document.title.startsWith("Data assets of <img"));
document.body.textContent = "SEEN " + seen.join(",") + " NEES";
</script></body>]]
    local text = text_of(ASSETS):gsub("</body>", function() return probe end)
    local out, err = in_browser(text)
    assert.equal("dataset,dataset,result,true,0,true", out:match "SEEN (.-) NEES")
    assert.is_nil(err:find("CONSOLE", 1, true), err)
  end)

  it("is no wider than a window of 400 pixels, nor are its charts", function()
    if not has_browser() then return pending "no chromium here" end
    local list = table.move(ASSETS, 1, #ASSETS, 1, {})
    for i = 1, 60 do
      list[#list + 1] = { id = ID .. "3", name = ("w"):rep(200), size = 1 << 50, type = "dataset",
        created = 1609459200 + i * 2700000, state = "failed", failure_reason = ("r"):rep(90),
        tags = { "raw", ("tag%d-"):format(i % 20):rep(20) }, owner = ("o"):rep(80) .. "@x.org" }
    end
    local out = in_browser(framed(text_of(list), 400))
    assert.equal("400,400,2,0,0", out:match "SEEN (.-) NEES")
  end)
end)
