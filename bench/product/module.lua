-- The module, and nothing to do.

require "codeocean"
