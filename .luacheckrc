std = "lua54"
max_line_length = 100
self = false
exclude_files = { "build", "docs/annotations" }
files["spec"] = { std = "+busted" }
