-- Messages with text from outside: they contain no token, no user info of a URL and no control
-- characters.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local errors = require "codeocean.error"
local process = require "process"

local SECRET = "SECRETsecret0123"

-- colua with these variables and nothing else of this user's; what it says, which holds no secret.
local function said(environment, words)
  local home = process.folder()
  finally(function() process.clean(home) end)
  environment.HOME = home
  local result = process.run(process.colua, words or { "search", "--limit", "1" },
    { env = environment, cwd = home })
  assert.is_true(result.status ~= 0)
  assert.is_nil((result.out .. result.err):find(SECRET, 1, true), result.err)
  assert.is_nil((result.out .. result.err):find("\27", 1, true), result.err)
  return result.err
end

local function config(domain, token)
  return said { CODEOCEAN_DOMAIN = domain, CODEOCEAN_TOKEN = token }
end


describe("an invalid token", function()
  local rows = {
    -- token, likely cause
    { "cop_" .. SECRET .. " x", "blank or a line end" },
    { " cop_" .. SECRET, "blank or a line end" },
    { "cop_" .. SECRET .. "\nnext", "blank or a line end" },
    { "cop_" .. SECRET .. "\r", "blank or a line end" },
    { '"cop_' .. SECRET .. '"', "quotes" },
    { "'cop_" .. SECRET .. "'", "quotes" },
    { "“cop_" .. SECRET .. "”", "quotes" },
    { "Bearer cop_" .. SECRET, "the word Bearer" },
    { "cop_" .. SECRET .. ":", "colon" },
    { "cop_" .. SECRET .. "\1", "control character" },
    { "cop_" .. SECRET .. "é", "not ASCII" },
    { "https://" .. SECRET .. ".example.com", "swapped" },
    { SECRET .. ".codeocean.com", "swapped" },
  }
  for i, row in ipairs(rows) do
    it(("of kind %d is refused with the likely cause: %s"):format(i, row[2]), function()
      local line = config("127.0.0.1:9", row[1])
      assert.is_truthy(line:find(row[2], 1, true), line)
      assert.are.equal(1, select(2, line:gsub("\n", "")))
    end)
  end

  it("with a NUL byte is refused", function()
    local client, err = codeocean.client { domain = "127.0.0.1:9", token = SECRET .. "\0x" }
    assert.is_nil(client)
    assert.is_truthy(err.message:find("control character", 1, true), err.message)
  end)
end)


describe("a token where the domain should be", function()
  local rows = {
    { "cop_" .. SECRET, "127.0.0.1:9", "swapped" },
    { SECRET, "acme.codeocean.com", "swapped" },
    { "https://" .. SECRET .. ":@127.0.0.1:9", SECRET, "before an '@'" },
    { "https://cop_" .. SECRET .. ":@127.0.0.1:9", "cop_" .. SECRET, "before an '@'" },
    { "joe:" .. SECRET .. "@host", "cop_x", "before an '@'" },
    { SECRET, SECRET, "swapped" },
    { "https://" .. SECRET:lower() .. ".codeocean.com", SECRET, "swapped" },
    { "http://" .. SECRET .. "/x", SECRET, "swapped" },
  }
  for i, row in ipairs(rows) do
    it(("is not shown (%d)"):format(i), function()
      local line = config(row[1], row[2])
      assert.is_truthy(line:find(row[3], 1, true) or line:find("port may follow", 1, true), line)
    end)
  end
end)


describe("a domain with more than a port behind its host", function()
  for _, domain in ipairs { "https://joe:%s", "joe:%s", "https://joe:1%s%%40host",
    "https://host/?token=%s", "https://host#%s", "HTTPS://a:b:%s" } do
    it("is shown without it: " .. domain, function()
      local line = config((domain:gsub("%%s", SECRET)), "cop_x")
      assert.is_truthy(line:find('…": ', 1, true), line)
    end)
  end
end)


describe("a token of another host than the domain's", function()
  for i, row in ipairs { { SECRET, "acme.codeocean.com" }, { SECRET .. "@host", "cop_x" },
    { SECRET, SECRET } } do
    it(("is not shown with its domain if that is odd (%d)"):format(i), function()
      local line = said({ CODEOCEAN_DOMAIN = row[1], CODEOCEAN_TOKEN = row[2] },
        { "-e", 'error(select(2, require "codeocean".client { domain = "a.example" }), 0)' })
      assert.is_truthy(line:find("no token", 1, true), line)
      assert.is_nil(line:lower():find(SECRET:lower(), 1, true), line)
    end)
  end
end)


describe("a proxy with a user", function()
  for i, proxy in ipairs { "http://user:%s@127.0.0.1:1", "http://user:pa#%s@proxy.invalid:3128",
    "http://us er:pa\"%s@proxy.invalid", "user:x/%s@127.0.0.1:1", "http://user:%s@", "%s@x:y:z",
    "user:%s", "http://user:%s", "http://user:%s:1" } do
    it(("is not shown when it fails (%d)"):format(i), function()
      local variable = proxy:format(SECRET)
      local line = said({ CODEOCEAN_DOMAIN = "acme.codeocean.com", CODEOCEAN_TOKEN = "cop_x",
        https_proxy = variable, all_proxy = variable },
        { "-e", [[local client = require "codeocean".client { retries = 0, deadline = 5 }
          error(select(2, client.data_assets:search {}), 0)]] })
      assert.is_truthy(line:find("search", 1, true), line)
    end)
  end
end)


describe("a message", function()
  it("masks whatever begins as a token does", function()
    local rows = {
      { "get", "cop_" .. SECRET }, { "search", "--cop_" .. SECRET }, { "cop_" .. SECRET },
      { "--cop_" .. SECRET }, { "get", "--ids", "/no/cop_" .. SECRET },
      { "-e", "error('cop_" .. SECRET .. "')" },
      { "-e", "require 'codeocean'.client { timeout = 'cop_" .. SECRET .. "' }" },
      { "-e", "require 'codeocean'.client { cop_" .. SECRET .. " = 1 }" },
    }
    for _, words in ipairs(rows) do
      local line = said({ CODEOCEAN_DOMAIN = "127.0.0.1:9", CODEOCEAN_TOKEN = "cop_x" }, words)
      assert.is_truthy(line:find("cop_*", 1, true), line)
    end
  end)

  it("shows the environment's token in no spelling", function()
    for _, text in ipairs { SECRET, "%53ECRETsecret0123", "\\u0053ECRETsecret0123" } do
      said({ CODEOCEAN_DOMAIN = "127.0.0.1:9", CODEOCEAN_TOKEN = SECRET }, { "get", text })
    end
  end)

  it("of colua itself shows the environment's token neither", function()
    for _, words in ipairs { { SECRET }, { "--" .. SECRET }, { "help", SECRET },
      { "--sandbox=/no/" .. SECRET, "search" }, { "--sandbox", SECRET .. ".db" },
      { "-l", SECRET }, { "-e", "error '" .. SECRET .. "'" }, { "-e", "x " .. SECRET } } do
      local line = said({ CODEOCEAN_DOMAIN = "127.0.0.1:9", CODEOCEAN_TOKEN = SECRET }, words)
      assert.is_truthy(line:find("****", 1, true), line)
    end
  end)

  it("of colua itself shows no user of a URL", function()
    local rows = {
      { "-e", "error('at http://joe:%s@h/', 0)", "at http://" .. ("*"):rep(4 + #SECRET) .. "@h/" },
      { "-e", "error('http://%s@h', 0)", "http://" .. ("*"):rep(#SECRET) .. "@h" },
      { "-e", "error('at joe:%s@h', 0)", "at " .. ("*"):rep(4 + #SECRET) .. "@h" },
      { "-e", "error('joe@host: http://host/', 0)", "joe@host: http://host/" },
      { "http://joe:%s@host", nil, "****@host" }, { "--x=http://joe:%s@host", nil, "****@host" },
      { "-l", "http://joe:%s@host", "****@host" }, { "help", "http://joe:%s@host", "****@host" },
      { "--sandbox=http://joe:%s@host", "search", "****@host" },
    }
    for _, row in ipairs(rows) do
      local words = { (row[1]:gsub("%%s", SECRET)), row[2] and (row[2]:gsub("%%s", SECRET)) }
      local line = said({ CODEOCEAN_DOMAIN = "127.0.0.1:9", CODEOCEAN_TOKEN = "cop_x" }, words)
      assert.is_truthy(line:find(row[3], 1, true), line)
    end
  end)

  it("shows the environment's token no more once --profile or --sandbox replaced it", function()
    for _, words in ipairs { { "--profile", SECRET, "search" }, { "--sandbox", "get", SECRET } } do
      local line = said({ CODEOCEAN_DOMAIN = "127.0.0.1:9", CODEOCEAN_TOKEN = SECRET }, words)
      assert.is_truthy(line:find("****", 1, true), line)
    end
  end)

  it("shows no spelling of the environment's token either", function()
    local coded = SECRET:gsub("%l", function(c) return ("%%%02x"):format(c:byte()) end, 3)
    local line = said({ CODEOCEAN_TOKEN = SECRET }, { "-e", ("error %q"):format("of " .. coded) })
    assert.is_nil(line:find(coded, 1, true))
    assert.is_truthy(line:find("of " .. ("*"):rep(#coded), 1, true), line)
  end)

  it("escapes control characters", function()
    local rows = {
      { "get", "a\27[31mb" }, { "get", "--ids", "/no/\27[2J" }, { "s\27earch" }, { "--\27x" },
      { "search", "--\27x" }, { "-e", "error '\\27[31m'" },
    }
    for _, words in ipairs(rows) do
      local line = said({ CODEOCEAN_DOMAIN = "127.0.0.1:9", CODEOCEAN_TOKEN = "cop_x" }, words)
      assert.is_truthy(line:find("\\0?27"), line)
    end
  end)

  it("escapes C1 control characters and bytes that are not UTF-8, and no letters", function()
    assert.are.equal("(command line):1: \\194\\155m \\155m é ß € \u{1F600} \\226\\130",
      said({}, { "-e", "error '\u{9B}m \x9Bm é ß € \u{1F600} \xE2\x82'" }):match "%(com[^\n]+")
  end)

  it("of an error object is clean, also if a caller made it", function()
    local err = errors.new { kind = "x", message = "http://joe:pw@host cop_abc\27[31m" }
    assert.are.equal("x: http://******@host cop_***\\27[31m", tostring(err))
  end)
end)


-- Arguments are in the list of processes, in the shell's history and in journals.
describe("a token", function()
  it("is the argument of no option", function()
    local found, count = {}, 0
    for name in process.shell("ls scripts").out:gmatch "([%l]+)%.lua" do
      count = count + 1
      local help = process.run(process.colua, { name, "--help" }).out
      assert.is_truthy(help:find("\n  -h, --help", 1, true), help)
      for option in help:gmatch "%-%-[%l-]+" do
        for _, word in ipairs { "token", "key", "secret", "password" } do
          if option:find(word, 1, true) then found[option] = true end
        end
      end
    end
    assert.is_true(count > 20)
    assert.are.same({ ["--with-token"] = true }, found) -- reads it from standard input
    assert.is_truthy(said({}, { "--token", SECRET }):find("unrecognized option", 1, true))
  end)
end)


describe("core.mask", function()
  it("leaves other texts as they are", function()
    for _, text in ipairs { "", "plain", "joe@example.org", "a\0b\27\xFF", "cop", "a:b c@d" } do
      assert.are.equal(text, core.mask(text))
    end
  end)
end)


describe("a header", function()
  it("accepts one line of printable ASCII as the user agent", function()
    for _, agent in ipairs { "a\r\nX-Other: y", "a\nb", "a\0b", "é", "a\27b", "" } do
      assert.error_matches(function()
        codeocean.client { domain = "127.0.0.1:9", token = "cop_x", user_agent = agent }
      end, "bad argument 'user_agent' to 'client'")
    end
    local client <close> = codeocean.client { domain = "127.0.0.1:9", token = "cop_x",
      user_agent = "mine/1.0 (here)" }
    assert.is_truthy(client)
  end)
end)


describe("a program that a script starts", function()
  -- libcurl keeps a pair of its own to wake itself, which leads nowhere.
  it("inherits no connection", function()
    local code = [[
      os.execute "ls -l /proc/self/fd; echo before"
      local client = require "codeocean".client()
      client:map({ 1, 2, 3, 4 }, function() return client.data_assets:search { limit = 1 } end)
      assert(client:stats().connections >= 1)
      os.execute "ls -l /proc/self/fd"]]
    local home = process.folder()
    finally(function() process.clean(home) end)
    local result = process.run(process.colua, { "--sandbox", "-e", code },
      { env = { HOME = home } })
    local before, after = result.out:match "^(.*)before\n(.*)$"
    local sockets = select(2, after:gsub("socket:", "")) - select(2, before:gsub("socket:", ""))
    assert.are.equal(0, result.status, result.err)
    assert.is_truthy(result.out:find("/proc/", 1, true), result.out)
    assert.is_true(sockets <= 2, result.out)
  end)
end)
