-- Loads the module and does nothing.

require "codeocean"
