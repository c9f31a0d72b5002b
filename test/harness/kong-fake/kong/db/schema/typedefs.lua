-- A FAKE of Kong's typedefs: the two that our schemas name.
return { no_consumer = { type = "foreign" }, protocols_http = { type = "set" } }
